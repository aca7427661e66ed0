#pragma once

#include <array>

#include <torch/torch.h>

#include "harness/data/input.h"
#include "harness/data/loader.h"
#include "harness/train/batch.h"

namespace mra {

/// Turns loader batches into normalised tensors on the training device.
class BatchMaker {
 public:
  BatchMaker(const InputOptions& input, int64_t classes, torch::Device device);

  /// images = (pixel/255 − mean)/std in channels_last memory, one-hot targets. `raw` may be reused
  /// afterwards.
  Batch make(const RawBatch& raw) const;

 private:
  torch::Tensor normalised_on_cpu(const RawBatch& raw) const;
  torch::Tensor normalised_on_device(const RawBatch& raw) const;

  InputOptions input_;
  int64_t classes_;
  torch::Device device_;
  std::array<std::array<float, 3>, 256> table_{};  ///< normalised value of each byte and channel
  torch::Tensor constants_;  // [3,3] f32 on the device: 255, mean, std by channel
};

}  // namespace mra
