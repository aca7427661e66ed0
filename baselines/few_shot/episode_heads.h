#pragma once

#include <torch/torch.h>

namespace mra {

/// How a new last layer is trained on the support of an episode (CloserLookFewShot's Baseline): SGD
/// on batches of the shuffled support, with dampening from the second step on.
struct HeadOptions {
  int64_t epochs = 100;
  int64_t batch = 4;  ///< the last batch of an epoch may be smaller
  double lr = 0.01, momentum = 0.9, dampening = 0.9, weight_decay = 0.001;
};

/// Shapes: E episodes, W ways, n examples (class by class, equally many of each), D features.

/// The last layers of E episodes.
struct Heads {
  torch::Tensor weight;  // [E,W,D]
  torch::Tensor bias;    // [E,W]
};

/// Trains linear layers from `start`, all episodes at once. Weights are stored as sums of the first
/// weights and the examples, so that the cost of a step does not depend on D. Up to rounding, the
/// result equals that of steps on the weights themselves. `losses`: is set to the mean loss of the
/// batch of each step, [E,steps] f64.
Heads learn_heads(const torch::Tensor& examples,  // [E,n,D]
                  const torch::Tensor& orders,    // [E,epochs,n] i64, shuffled examples
                  const Heads& start, const HeadOptions& options, torch::Tensor* losses = nullptr);

torch::Tensor scores_of(const Heads& heads, const torch::Tensor& features);  // [E,q,D] -> [E,q,W]

/// Baseline++: the score of a class is `scale` times the cosine between the picture's features and
/// the direction of the class. Weight norm splits the weight: length [E,W,1], direction [E,W,D].
struct CosineHeads {
  torch::Tensor length, direction;
};
CosineHeads learn_cosine_heads(const torch::Tensor& examples,  // [E,n,D]
                               const torch::Tensor& orders,    // [E,epochs,n] i64
                               const CosineHeads& start, double scale, const HeadOptions& options);

torch::Tensor scores_of(const CosineHeads& heads, double scale,
                        const torch::Tensor& features);  // [E,q,D] -> [E,q,W]

}  // namespace mra
