#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <torch/torch.h>

#include "harness/base/rng.h"

namespace mra {

/// What a step learns from. Shapes: N pictures, C classes.
struct Batch {
  torch::Tensor images;   // [N,3,H,W] f32, normalised, on the training device
  torch::Tensor targets;  // [N,C] f32, rows sum to 1, or to 0 where no label is known
  torch::Tensor indices;  // [N] i64 on the CPU, positions in the data set
  torch::Tensor draws;    // [N] i64 on the CPU, which time each picture comes (sampler.h)
};

/// A picture that shows how a method works, beside what it makes.
struct MethodView {
  std::string title;
  torch::Tensor pictures;  // [N,3,H,W] f32 within 0 … 1, on the CPU
};

/// A change of a whole batch on the training device; all randomness comes from the stream given.
class BatchTransform {
 public:
  using Apply = std::function<Batch(Batch batch, Rng& rng)>;
  using Views = std::function<std::vector<MethodView>(const torch::Tensor& images)>;

  template <typename Function>
  requires std::is_convertible_v<Function, Apply> BatchTransform(Function apply)
      : apply_(std::move(apply)) {}  // NOLINT: from any function

  Batch operator()(Batch batch, Rng& rng) const { return apply_(std::move(batch), rng); }

  bool mixes = false;  ///< needs two pictures or more to do anything
  Views views;         ///< of normalised images [N,3,H,W] f32; may be empty

 private:
  Apply apply_;
};

}  // namespace mra
