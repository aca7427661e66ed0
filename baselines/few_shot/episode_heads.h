#pragma once

#include <torch/torch.h>

namespace mra {

/// How a last layer is learnt anew from the support of an episode (CloserLookFewShot's Baseline):
/// batches of the shuffled support, SGD, and dampening that spares the first step.
struct HeadOptions {
  int64_t epochs = 100;
  int64_t batch = 4;  ///< the last of an epoch may be smaller
  double lr = 0.01, momentum = 0.9, dampening = 0.9, weight_decay = 0.001;
};

/// Shapes: E episodes, W ways, n examples (class by class, as many of each), D features.

/// Last layers of E episodes.
struct Heads {
  torch::Tensor weight;  // [E,W,D]
  torch::Tensor bias;    // [E,W]
};

/// Learns linear layers from `start`, all episodes at once. Weights are kept as sums of the first
/// ones and the examples, so that a step costs nothing that grows with D. Equals steps on the
/// weights themselves up to rounding.
Heads learn_heads(const torch::Tensor& examples,  // [E,n,D]
                  const torch::Tensor& orders,    // [E,epochs,n] i64, shuffled examples
                  const Heads& start, const HeadOptions& options);

torch::Tensor scores_of(const Heads& heads, const torch::Tensor& features);  // [E,q,D] -> [E,q,W]

/// Baseline++: a class's score is `scale` times the cosine of the picture's features and the
/// class's direction, of a weight in two parts (weight norm): length [E,W,1], direction [E,W,D].
struct CosineHeads {
  torch::Tensor length, direction;
};
CosineHeads learn_cosine_heads(const torch::Tensor& examples,  // [E,n,D]
                               const torch::Tensor& orders,    // [E,epochs,n] i64
                               const CosineHeads& start, double scale, const HeadOptions& options);

torch::Tensor scores_of(const CosineHeads& heads, double scale,
                        const torch::Tensor& features);  // [E,q,D] -> [E,q,W]

}  // namespace mra
