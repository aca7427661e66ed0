#include "harness/train/tensor_batch.h"

#include <cstring>

#include <ATen/Parallel.h>

#include "harness/train/loss.h"

namespace mra {
namespace {

/// A copy of `labels`; pinned for another device, which can then fetch it beside its computing.
torch::Tensor pinned_copy(const int64_t* labels, int64_t count, torch::Device device) {
  const auto options = torch::TensorOptions(torch::kInt64).pinned_memory(!device.is_cpu());
  torch::Tensor copy = torch::empty({count}, options);
  std::memcpy(copy.data_ptr(), labels, copy.nbytes());
  return copy;
}

}  // namespace

BatchMaker::BatchMaker(const InputOptions& input, int64_t classes, torch::Device device)
    : input_(input),
      classes_(classes),
      device_(device),
      copies_(device),
      table_(normalized_table(input)) {
  constants_ = torch::empty({3, 3});
  for (int64_t c = 0; c < 3; ++c) {
    constants_[0][c] = 255.0f;
    constants_[1][c] = input.mean[size_t(c)];
    constants_[2][c] = input.std[size_t(c)];
  }
  constants_ = constants_.to(device);
}

Batch BatchMaker::make(const RawBatch& raw) const {
  ComingBatch coming = begin(raw);
  wait();
  return finish(std::move(coming));
}

Batch BatchMaker::make_training(const RawBatch& raw, uint64_t seed, int64_t view) const {
  ComingBatch coming = begin_training(raw, seed, view);
  wait();
  return finish(std::move(coming));
}

ComingBatch BatchMaker::begin(const RawBatch& raw) const {
  return with_labels(device_.is_cpu() ? normalised_on_cpu(raw) : copies_.begin(bytes_of(raw)), raw);
}

ComingBatch BatchMaker::begin_training(const RawBatch& raw, uint64_t seed, int64_t view) const {
  RawBatch of_view = raw;
  of_view.pixels += view * raw.count * input_.size_px * input_.size_px * 3;
  if (input_.color_jitter == 0 && input_.lighting_std == 0) return begin(of_view);
  return with_labels(copies_.begin(jittered_on_cpu(of_view, seed, view)), raw);
}

ComingBatch BatchMaker::with_labels(torch::Tensor images, const RawBatch& raw) const {
  ComingBatch coming;
  coming.images = std::move(images);
  coming.labels = copies_.begin(pinned_copy(raw.labels, raw.count, device_));
  coming.indices = torch::empty({raw.count}, torch::kInt64);
  coming.draws = torch::empty({raw.count}, torch::kInt64);
  for (int64_t n = 0; n < raw.count; ++n) {
    coming.indices.data_ptr<int64_t>()[n] = raw.requests[n].index;
    coming.draws.data_ptr<int64_t>()[n] = raw.requests[n].draw;
  }
  return coming;
}

Batch BatchMaker::finish(ComingBatch coming) const {
  const bool bytes = coming.images.scalar_type() == torch::kUInt8;
  return {.images = bytes ? normalised(coming.images) : std::move(coming.images),
          .targets = one_hot_targets(coming.labels, classes_),
          .indices = std::move(coming.indices),
          .draws = std::move(coming.draws)};
}

torch::Tensor BatchMaker::empty_images(int64_t count) const {
  const auto options = torch::TensorOptions(torch::kFloat32)
                           .pinned_memory(!device_.is_cpu())
                           .memory_format(torch::MemoryFormat::ChannelsLast);
  return torch::empty({count, 3, input_.size_px, input_.size_px}, options);
}

torch::Tensor BatchMaker::jittered_on_cpu(const RawBatch& raw, uint64_t seed, int64_t view) const {
  const int64_t pixels = int64_t(input_.size_px) * input_.size_px;
  torch::Tensor images = empty_images(raw.count);
  float* to = images.data_ptr<float>();
  at::parallel_for(0, raw.count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t n = begin; n < end; ++n) {
      const Rng rng({.seed = seed,
                     .epoch = raw.requests[n].draw,
                     .index = uint64_t(raw.requests[n].index),
                     .view = uint32_t(view),
                     .purpose = Purpose::kJitter});
      make_training_input(raw.pixels + n * pixels * 3, input_, rng,
                          FloatPixels::interleaved(to + n * pixels * 3, pixels));
    }
  });
  return images;
}

torch::Tensor BatchMaker::normalised_on_cpu(const RawBatch& raw) const {
  const int64_t size = input_.size_px;
  torch::Tensor images = empty_images(raw.count);
  float* to = images.data_ptr<float>();
  at::parallel_for(0, raw.count * size * size, 1 << 14, [&](int64_t begin, int64_t end) {
    const uint8_t* from = raw.pixels;
    for (int64_t i = 3 * begin; i < 3 * end; i += 3)
      for (int64_t c = 0; c < 3; ++c) to[i + c] = table_[from[i + c]][size_t(c)];
  });
  return images;
}

/// The pixels where they are.
torch::Tensor BatchMaker::bytes_of(const RawBatch& raw) const {
  const int64_t size = input_.size_px;
  return torch::from_blob(const_cast<uint8_t*>(raw.pixels), {raw.count, size, size, 3},
                          torch::TensorOptions(torch::kUInt8));  // only read
}

torch::Tensor BatchMaker::normalised(const torch::Tensor& bytes) const {
  // Divides by tensors: with a number, a GPU multiplies by its reciprocal and rounds differently.
  return bytes.to(torch::kFloat32)
      .div_(constants_[0])
      .sub_(constants_[1])
      .div_(constants_[2])
      .permute({0, 3, 1, 2});
}

}  // namespace mra
