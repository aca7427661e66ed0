#pragma once

#include <vector>

#include "harness/model/classifier.h"

namespace mra {

struct MamlOptions {
  int64_t inner_steps = 5;
  double inner_lr = 0.01;
  bool second_order = false;  ///< also differentiate through the gradients of the inner steps
};

/// A network adapted to the support of one episode. Shapes: W ways, k shots, Q queries per way.
struct Adapted {
  torch::Tensor scores;                // [W·Q,W], for the queries
  torch::Tensor support_losses;        // [inner_steps], before each step, without gradients
  std::vector<torch::Tensor> weights;  // after the last step, in the order of FastWeights
};

/// Does gradient descent on the whole support at once, from the weights `start` (in the order of
/// FastWeights), then scores the queries. If gradients are recorded, the result is differentiable
/// in `start`. Does not change the network's own weights.
Adapted adapt(ClassifierImpl& network, std::vector<torch::Tensor> start,
              const torch::Tensor& episode,  // [W,k+Q,3,H,W]
              int64_t shots, const MamlOptions& options);

/// Makes the batch norms of a network always use the statistics of the batch, without changing
/// their running statistics.
void normalise_by_batch(torch::nn::Module& network);

}  // namespace mra
