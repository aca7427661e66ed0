#include "harness/train/tracer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/hash.h"
#include "harness/record/trace.h"

namespace mra {

std::string tensor_digest(const torch::Tensor& tensor) {
  const torch::Tensor dense = tensor.detach().cpu().contiguous();
  const std::string_view bytes(static_cast<const char*>(dense.data_ptr()), dense.nbytes());
  const std::string text =
      fmt::format("mra-harness/tensor/v1\n{} [{}] {}", int(dense.scalar_type()),
                  fmt::join(dense.sizes(), ","), sha256(bytes));
  return sha256(text).substr(0, 16);
}

void Tracer::add_loss(int64_t steps_done, const torch::Tensor& loss) {
  if (steps_done <= kTracedSteps) losses_[steps_done] = loss.detach().reshape({});
}

void Tracer::write(int64_t steps_done, const StateDict& tensors) {
  std::map<int64_t, double> losses;
  for (const auto& [step, loss] : losses_) losses[step] = loss.item<double>();
  losses_.clear();
  std::map<std::string, std::string> digests;
  for (const auto& [name, tensor] : tensors) digests[name] = tensor_digest(tensor);
  journal_.append("trace", trace_fields(steps_done, losses, digests));
}

}  // namespace mra
