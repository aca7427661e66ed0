#pragma once

#include <torch/torch.h>

#include "harness/data/input.h"
#include "harness/data/loader.h"
#include "harness/data/pixels.h"
#include "harness/train/batch.h"

namespace mra {

/// Turns loader batches into normalised tensors on the training device.
class BatchMaker {
 public:
  BatchMaker(const InputOptions& input, int64_t classes, torch::Device device);

  /// Returns images = (pixel/255 − mean)/std in channels_last order, and one-hot targets. `raw` may
  /// be reused after the call.
  Batch make(const RawBatch& raw) const;
  /// make() for one view of a training batch, with the colour jitter and lighting of InputOptions.
  /// Each sample has its own random stream (seed, draw, index, view, kJitter).
  Batch make_training(const RawBatch& raw, uint64_t seed, int64_t view = 0) const;
  /// Normalises bytes that are already on the device, to the same values as make().
  torch::Tensor normalised(const torch::Tensor& bytes) const;  // [N,H,W,3] u8 -> [N,3,H,W] f32

 private:
  Batch with_labels(torch::Tensor images, const RawBatch& raw) const;
  torch::Tensor empty_images(int64_t count) const;
  torch::Tensor jittered_on_cpu(const RawBatch& raw, uint64_t seed, int64_t view) const;
  torch::Tensor normalised_on_cpu(const RawBatch& raw) const;
  torch::Tensor normalised_on_device(const RawBatch& raw) const;

  InputOptions input_;
  int64_t classes_;
  torch::Device device_;
  PixelTable table_;         ///< normalised value of each byte and channel
  torch::Tensor constants_;  // [3,3] f32 on the device: 255, mean, std by channel
};

}  // namespace mra
