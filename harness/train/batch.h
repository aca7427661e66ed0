#pragma once

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <torch/torch.h>

#include "harness/base/rng.h"

namespace mra {

/// The pictures of one training step. Shapes: N pictures, C classes.
struct Batch {
  torch::Tensor images;   // [N,3,H,W] f32, normalised, on the training device
  torch::Tensor targets;  // [N,C] f32, rows sum to 1, or to 0 where no label is known
  torch::Tensor indices;  // [N] i64 on the CPU, positions in the data set
  torch::Tensor draws;    // [N] i64 on the CPU, the epoch or position in the stream (sampler.h)
};

/// Pictures that show how a method works, such as a saliency map. They are drawn beside its output.
struct MethodView {
  std::string title;
  torch::Tensor pictures;  // [N,3,H,W] f32 within 0 … 1, on the CPU
};

/// Changes a whole batch on the training device. All randomness comes from the given stream.
class BatchTransform {
 public:
  using Apply = std::function<Batch(Batch batch, Rng& rng)>;
  using Views = std::function<std::vector<MethodView>(const torch::Tensor& images)>;

  template <typename Function>
  requires std::is_convertible_v<Function, Apply> BatchTransform(Function apply)
      : apply_(std::move(apply)) {}  // NOLINT: implicit on purpose

  Batch operator()(Batch batch, Rng& rng) const { return apply_(std::move(batch), rng); }

  bool mixes = false;          ///< combines pictures, so it does not change a batch of one
  bool uses_gradient = false;  ///< calls MethodContext::input_gradient
  Views views;  ///< takes normalised images [N,3,H,W] f32; empty: the method has no views

 private:
  Apply apply_;
};

}  // namespace mra
