#pragma once

#include <torch/torch.h>

#include "harness/model/classifier.h"

namespace mra {

/// Shapes: W ways (classes of an episode), k shots, Q queries of each way. An episode is
/// [W,k+Q,…], the first k of each way are its support. Queries and their scores come class by
/// class: [W·Q,…].

/// A way to name pictures of classes of which a few examples are given, learnt by episodes.
class FewShotMethod : public torch::nn::Module {
 public:
  /// Whether scores() is given the features of an episode; else it is given its pictures.
  virtual bool compares_features() const { return true; }
  virtual torch::Tensor features(const torch::Tensor& images) = 0;  // [N,3,H,W] f32 -> [N,…]
  /// The higher, the more likely the class.
  virtual torch::Tensor scores(const torch::Tensor& episode,  // [W,k+Q,…]
                               int64_t shots) = 0;            // -> [W·Q,W]
  /// Cross entropy, unless a method learns otherwise.
  virtual torch::Tensor loss(const torch::Tensor& scores,   // [W·Q,W]
                             const torch::Tensor& labels);  // [W·Q] i64 -> scalar
  /// Sets the modes of the parts for the final test; validation is in evaluation mode.
  virtual void start_test() { eval(); }
};

/// What the factory of a method is given beside its options.
struct FewShotContext {
  SpecReader model;     ///< the backbone
  int64_t ways = 0;     ///< of training
  int64_t size_px = 0;  ///< of the pictures
};

/// Sum over episodes of the loss of each.
torch::Tensor loss_of_episodes(FewShotMethod& method,
                               const torch::Tensor& images,  // [T,W,k+Q,3,H,W] f32, T episodes
                               int64_t shots);               // -> scalar

/// The ways of an episode's queries, class by class: [W·Q] i64.
torch::Tensor query_labels(int64_t ways, int64_t queries, torch::Device device);

/// Of the last maps of a network for pictures of `size_px` squared: {channels, height, width}.
std::vector<int64_t> feature_map_sizes(ClassifierImpl& network, int64_t size_px);

/// An episode's support and queries.
struct SupportAndQueries {
  torch::Tensor support;  // [W,k,…]
  torch::Tensor queries;  // [W·Q,…]
};
SupportAndQueries split_episode(const torch::Tensor& episode, int64_t shots);  // of [W,k+Q,…]

}  // namespace mra
