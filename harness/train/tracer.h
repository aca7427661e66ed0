#pragma once

#include <filesystem>

#include "harness/model/state_dict.h"
#include "harness/record/journal.h"

namespace mra {

/// Writes the trace (record/trace.h) of a training's first steps during the training.
class Tracer {
 public:
  explicit Tracer(const std::filesystem::path& path) : journal_(path) {}

  /// Stores the loss of one step, a scalar, for write(). Does nothing after the traced steps.
  void add_loss(int64_t steps_done, const torch::Tensor& loss);
  /// Whether losses were added since the last write.
  bool pending() const { return !losses_.empty(); }
  /// Writes the losses added since the last write, and digests of `tensors`.
  void write(int64_t steps_done, const StateDict& tensors);

 private:
  JournalWriter journal_;
  std::map<int64_t, torch::Tensor> losses_;  ///< by step: f32 scalars on the training device
};

/// Returns the first 16 hex digits of SHA-256 over type, shape and bytes of a tensor on any device.
std::string tensor_digest(const torch::Tensor& tensor);

}  // namespace mra
