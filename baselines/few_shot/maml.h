#pragma once

#include <vector>

#include "harness/model/classifier.h"

namespace mra {

struct MamlOptions {
  int64_t inner_steps = 5;
  double inner_lr = 0.01;
  bool second_order = false;  ///< differentiate through the gradients of the inner steps too
};

/// A network that learnt the support of one episode. Shapes: W ways, k shots, Q queries of each.
struct Adapted {
  torch::Tensor scores;                // [W·Q,W], of the queries
  torch::Tensor support_losses;        // [inner_steps], before each step, without gradients
  std::vector<torch::Tensor> weights;  // afterwards, in the order of FastWeights
};

/// Gradient descent from the network's weights on the whole support at once, then the scores of the
/// queries: differentiable in the network's own parameters where gradients are recorded. The
/// network itself is not changed.
Adapted adapt(ClassifierImpl& network, const torch::Tensor& episode,  // [W,k+Q,3,H,W]
              int64_t shots, const MamlOptions& options);

/// Lets the batch norms of a network always use the statistics of the batch they are given, and
/// leave their running statistics as they are.
void normalise_by_batch(torch::nn::Module& network);

}  // namespace mra
