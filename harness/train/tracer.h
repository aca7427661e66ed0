#pragma once

#include <filesystem>

#include "harness/model/state_dict.h"
#include "harness/record/journal.h"

namespace mra {

/// Writes the trace of a training (record/trace.h) as its first steps are done.
class Tracer {
 public:
  explicit Tracer(const std::filesystem::path& path) : journal_(path) {}

  /// Takes the loss of one step, a scalar; costs nothing after the traced steps.
  void add_loss(int64_t steps_done, const torch::Tensor& loss);
  /// Whether losses were taken since the last write.
  bool pending() const { return !losses_.empty(); }
  /// Writes down all losses taken since the last time, and digests of `tensors`.
  void write(int64_t steps_done, const StateDict& tensors);

 private:
  JournalWriter journal_;
  std::map<int64_t, torch::Tensor> losses_;  ///< f32 scalars, where they were computed
};

/// First 16 hex digits of SHA-256 over type, shape and bytes of a tensor on any device.
std::string tensor_digest(const torch::Tensor& tensor);

}  // namespace mra
