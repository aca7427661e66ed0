#pragma once

#include <torch/torch.h>

#include "harness/data/input.h"
#include "harness/data/loader.h"
#include "harness/data/pixels.h"
#include "harness/train/batch.h"
#include "harness/train/copy_stream.h"

namespace mra {

/// A batch whose tensors are being copied to the training device.
struct ComingBatch {
  torch::Tensor images;          // [N,H,W,3] u8, or [N,3,H,W] f32 when they are normalised already
  torch::Tensor labels;          // [N] i64
  torch::Tensor indices, draws;  // as in Batch
};

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

  /// The parts of make() and make_training(), for copies that go on beside computing. The pixels of
  /// `raw` must be pinned, and stay until wait().
  ComingBatch begin(const RawBatch& raw) const;
  ComingBatch begin_training(const RawBatch& raw, uint64_t seed, int64_t view = 0) const;
  void wait() const { copies_.wait(); }
  /// Call it after wait().
  Batch finish(ComingBatch coming) const;

  /// Normalises bytes that are already on the device, to the same values as make().
  torch::Tensor normalised(const torch::Tensor& bytes) const;  // [N,H,W,3] u8 -> [N,3,H,W] f32

 private:
  ComingBatch with_labels(torch::Tensor images, const RawBatch& raw) const;
  torch::Tensor empty_images(int64_t count) const;
  torch::Tensor jittered_on_cpu(const RawBatch& raw, uint64_t seed, int64_t view) const;
  torch::Tensor normalised_on_cpu(const RawBatch& raw) const;
  torch::Tensor bytes_of(const RawBatch& raw) const;

  InputOptions input_;
  int64_t classes_;
  torch::Device device_;
  CopyStream copies_;
  PixelTable table_;         ///< normalised value of each byte and channel
  torch::Tensor constants_;  // [3,3] f32 on the device: 255, mean, std by channel
};

}  // namespace mra
