#pragma once

#include <torch/torch.h>

#include "harness/model/classifier.h"

namespace mra {

/// Shapes: W ways (classes of an episode), k shots and Q queries per way. An episode is [W,k+Q,…];
/// the first k of each way are its support. Queries and their scores are in the order of the
/// classes: [W·Q,…].

/// A few-shot classifier, trained by episodes: it classifies queries by a few examples per class.
class FewShotMethod : public torch::nn::Module {
 public:
  /// Whether scores() gets the features of an episode. Otherwise it gets its pictures, and several
  /// threads may call it at the same time.
  virtual bool compares_features() const { return true; }
  virtual torch::Tensor features(const torch::Tensor& images) = 0;  // [N,3,H,W] f32 -> [N,…]
  /// Returns a score of each query for each class. The highest is the prediction.
  virtual torch::Tensor scores(const torch::Tensor& episode,  // [W,k+Q,…]
                               int64_t shots) = 0;            // -> [W·Q,W]
  /// Cross-entropy by default.
  virtual torch::Tensor loss(const torch::Tensor& scores,   // [W·Q,W]
                             const torch::Tensor& labels);  // [W·Q] i64 -> scalar
  /// Sets the modes of the modules for the final test. Validation uses evaluation mode.
  virtual void start_test() { eval(); }
};

/// What the factory of a few-shot method receives in addition to its options.
struct FewShotContext {
  SpecReader model;     ///< the backbone
  int64_t ways = 0;     ///< in training
  int64_t size_px = 0;  ///< of the pictures
};

/// Returns the sum of the losses of T episodes.
torch::Tensor loss_of_episodes(FewShotMethod& method,
                               const torch::Tensor& images,  // [T,W,k+Q,3,H,W] f32, T episodes
                               int64_t shots);               // -> scalar

/// Returns the way of each query of an episode, in the order of the ways: [W·Q] i64.
torch::Tensor query_labels(int64_t ways, int64_t queries, torch::Device device);

/// Returns {channels, height, width} of a network's last maps for pictures of `size_px` squared.
std::vector<int64_t> feature_map_sizes(ClassifierImpl& network, int64_t size_px);

/// The support and the queries of an episode.
struct SupportAndQueries {
  torch::Tensor support;  // [W,k,…]
  torch::Tensor queries;  // [W·Q,…]
};
SupportAndQueries split_episode(const torch::Tensor& episode, int64_t shots);  // of [W,k+Q,…]

}  // namespace mra
