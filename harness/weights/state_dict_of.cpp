#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/weights/weight_file.h"

namespace mra {

namespace {

constexpr const char* kNests[] = {"state_dict", "model", "model_state_dict"};
constexpr std::string_view kWrapper = "module.";  // of a model trained on several devices

/// Where the state dict lies, and what stands before each of its names.
struct Place {
  std::string nest;  ///< the entry of the file's dictionary; empty: the file is the state dict
  bool wrapped = false;
};

bool inside(const WeightTensor& tensor, const std::string& nest) {
  return nest.empty() || (tensor.path.size() > 1 && tensor.path.front() == nest);
}

std::string name_in(const WeightTensor& tensor, const std::string& nest) {
  const auto begin = tensor.path.begin() + (nest.empty() ? 0 : 1);
  return fmt::format("{}", fmt::join(begin, tensor.path.end(), "."));
}

Place find_place(const WeightFile& file) {
  Place place;
  for (const char* nest : kNests) {
    const bool has = std::any_of(file.tensors().begin(), file.tensors().end(),
                                 [&](const auto& tensor) { return inside(tensor, nest); });
    if (!has) continue;
    place.nest = nest;
    break;
  }
  place.wrapped = !file.tensors().empty();
  for (const WeightTensor& tensor : file.tensors())
    if (inside(tensor, place.nest) && !name_in(tensor, place.nest).starts_with(kWrapper))
      place.wrapped = false;
  return place;
}

}  // namespace

std::map<std::string, const WeightTensor*> state_dict_of(const WeightFile& file) {
  const Place place = find_place(file);
  std::map<std::string, const WeightTensor*> tensors;
  for (const WeightTensor& tensor : file.tensors()) {
    if (!inside(tensor, place.nest)) continue;
    std::string name = name_in(tensor, place.nest);
    if (place.wrapped) name = name.substr(kWrapper.size());
    tensors[name.empty() ? "tensor" : name] = &tensor;
  }
  return tensors;
}

std::string state_dict_prefix(const WeightFile& file) {
  const Place place = find_place(file);
  return (place.nest.empty() ? "" : place.nest + ".") +
         (place.wrapped ? std::string(kWrapper) : std::string());
}

}  // namespace mra
