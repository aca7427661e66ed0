#pragma once

#include <functional>

#include "harness/data/episodes.h"
#include "harness/tasks/picture_feed.h"

namespace mra {

/// Draws episodes of a feed's pictures (data/episodes.h).
MakeSampler episode_sampler(const EpisodeShape& shape);

/// What a network makes of every picture of a split, in order: [N,3,H,W] by batches -> [pictures,…]
/// f32. Without gradients, in the precision given.
using Network = std::function<torch::Tensor(const torch::Tensor& images)>;
torch::Tensor features_of_all(PictureFeed& pictures, const Network& network,
                              const TaskContext& run);

/// A number of episodes of one split, always the same ones. Shapes: W ways, k shots, Q queries.
class EpisodeTest {
 public:
  /// `context`: with its input read.
  EpisodeTest(const TaskContext& context, Split split, const EpisodeShape& shape, int64_t count);

  int64_t count() const { return count_; }
  PictureFeed& pictures() { return feed_; }
  /// Numbers of the pictures of all episodes: [count,W,k+Q] i64.
  torch::Tensor indices() const;
  /// Queries named rightly of each episode, in percent. The method's modes are the caller's.
  std::vector<double> accuracies(FewShotMethod& method);

 private:
  torch::Tensor episode_of(const torch::Tensor& pictures) const;  // [W·(k+Q),…] -> [W,k+Q,…]

  TaskContext context_;
  EpisodeShape shape_;
  int64_t count_;
  PictureFeed feed_;
  std::vector<Request> requests_;
};

/// Queries named rightly, in percent. `scores` [W·Q,W], class by class.
double accuracy_pct(const torch::Tensor& scores);

}  // namespace mra
