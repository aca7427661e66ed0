#include "harness/model/state_dict.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/error.h"
#include "harness/base/tell.h"
#include "harness/base/text.h"
#include "harness/weights/safetensors.h"
#include "harness/weights/weight_file.h"

namespace mra {

namespace {

struct DtypePair {
  const char* name;
  torch::ScalarType type;
};
constexpr DtypePair kDtypes[] = {{"F64", torch::kFloat64}, {"F32", torch::kFloat32},
                                 {"F16", torch::kFloat16}, {"BF16", torch::kBFloat16},
                                 {"I64", torch::kInt64},   {"I32", torch::kInt32},
                                 {"I16", torch::kInt16},   {"I8", torch::kInt8},
                                 {"U8", torch::kUInt8},    {"BOOL", torch::kBool}};

torch::ScalarType scalar_type(const std::string& name) {
  for (const DtypePair& pair : kDtypes)
    if (name == pair.name) return pair.type;
  TORCH_CHECK(false, "no tensor type for ", name);
}

std::string dtype_name(torch::ScalarType type) {
  for (const DtypePair& pair : kDtypes)
    if (type == pair.type) return pair.name;
  TORCH_CHECK(false, "no name for tensor type ", type);
}

std::string shape_text(const torch::Tensor& tensor) {
  return fmt::format("[{}]", fmt::join(tensor.sizes().vec(), ", "));
}

/// Whether this is the batch counter of a batch norm, which PyTorch before 0.4.1 did not save.
bool is_counter(const std::string& name) {
  return name.ends_with(".num_batches_tracked");
}

/// Returns why `weights` do not fit the tensors `own`, as one sentence; empty when they fit.
std::string misfit(const StateDict& own, const StateDict& weights) {
  std::vector<std::string> missing, unexpected, misshapen;
  for (const auto& [name, tensor] : own) {
    const auto found = weights.find(name);
    if (found == weights.end()) {
      if (!is_counter(name)) missing.push_back(name);
    } else if (found->second.sizes() != tensor.sizes()) {
      misshapen.push_back(
          fmt::format("{} {} instead of {}", name, shape_text(found->second), shape_text(tensor)));
    }
  }
  for (const auto& [name, tensor] : weights)
    if (!own.contains(name)) unexpected.push_back(name);
  std::vector<std::string> parts;
  if (!missing.empty()) parts.push_back("missing tensors: " + few(missing));
  if (!unexpected.empty()) parts.push_back("unexpected: " + few(unexpected));
  if (!misshapen.empty()) parts.push_back("of another shape: " + few(misshapen));
  return fmt::format("{}", fmt::join(parts, "; "));
}

void check_finite(const StateDict& weights, const std::string& path) {
  std::vector<std::string> damaged;
  for (const auto& [name, tensor] : weights)
    if (tensor.is_floating_point() && !tensor.isfinite().all().item<bool>())
      damaged.push_back(name);
  check(damaged.empty(), ErrorKind::kIntegrity, path,
        "has values that are not finite in tensors: " + few(damaged),
        "use weights of a run that did not diverge");
}

}  // namespace

StateDict state_dict(const torch::nn::Module& module) {
  StateDict tensors;
  for (const auto& entry : module.named_parameters()) tensors[entry.key()] = entry.value();
  for (const auto& entry : module.named_buffers()) tensors[entry.key()] = entry.value();
  return tensors;
}

StateDict read_weights(const std::filesystem::path& path) {
  const WeightFile file(path);
  const StateDictPlace place = find_state_dict(file);
  const KnownTensors known = known_tensors(file, place.prefix, [](const std::string& dtype) {
    return std::any_of(std::begin(kDtypes), std::end(kDtypes),
                       [&](const DtypePair& pair) { return dtype == pair.name; });
  });
  if (!known.left_out.empty())
    tell("{}: left out tensors of types that no network here has: {}\n", shown(path.string()),
         few(known.left_out));
  StateDict weights;
  for (const auto& [name, source] : known.tensors) {
    auto tensor = torch::empty(source->shape, scalar_type(source->dtype));
    if (tensor.numel() > 0) file.copy_to(*source, tensor.data_ptr());
    weights[name] = tensor;
  }
  return weights;
}

void write_weights(const std::filesystem::path& path, const StateDict& weights,
                   const std::map<std::string, std::string>& metadata) {
  std::vector<torch::Tensor> copies;  // keep the bytes alive while they are written
  std::map<std::string, TensorView> views;
  for (const auto& [name, tensor] : weights) {
    copies.push_back(tensor.detach().cpu().contiguous());
    const auto& copy = copies.back();
    views[name] = {dtype_name(copy.scalar_type()),
                   copy.sizes().vec(),
                   {static_cast<const std::byte*>(copy.data_ptr()), copy.nbytes()}};
  }
  write_safetensors(path, views, metadata);
}

void assign_weights(torch::nn::Module& module, const StateDict& weights, const std::string& path) {
  const StateDict own = state_dict(module);
  const std::string problem = misfit(own, weights);
  check(problem.empty(), ErrorKind::kUsage, path, "does not fit the model: " + problem,
        "choose weights of this model, or give the model the sizes they were trained with");
  check_finite(weights, path);
  const torch::NoGradGuard no_grad;
  for (const auto& [name, tensor] : own) {
    const auto found = weights.find(name);
    if (found == weights.end())
      tensor.zero_();
    else
      tensor.copy_(found->second);
  }
}

}  // namespace mra
