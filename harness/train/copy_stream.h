#pragma once

#include <optional>

#include <torch/torch.h>

namespace mra {

/// A queue of copies to a device, beside its computing. On the CPU there is nothing to copy.
class CopyStream {
 public:
  explicit CopyStream(torch::Device device);

  /// Begins a copy of `host`, which is in pinned memory; on the CPU it is `host` itself. Its bytes
  /// are there after wait(), and until then those of `host` must not change.
  torch::Tensor begin(const torch::Tensor& host) const;
  /// Waits until all copies begun are done, but not for the computing after them.
  void wait() const;

 private:
  torch::Device device_;
  std::optional<c10::Stream> stream_;  ///< none on the CPU
};

}  // namespace mra
