#pragma once

#include <functional>

#include "harness/data/episodes.h"
#include "harness/tasks/picture_feed.h"

namespace mra {

/// Returns a maker of samplers that draw episodes (data/episodes.h).
MakeSampler episode_sampler(const EpisodeShape& shape);

/// Returns the output of `network` for every picture of a split, in order: [pictures,…] f32.
/// `network` is called with batches [N,3,H,W], without gradients, in the precision of the run.
using Network = std::function<torch::Tensor(const torch::Tensor& images)>;
torch::Tensor features_of_all(PictureFeed& pictures, const Network& network,
                              const TaskContext& run);

/// A fixed set of episodes of one split. Shapes: W ways, k shots, Q queries per way.
class EpisodeTest {
 public:
  /// `context`: of with_input().
  EpisodeTest(const TaskContext& context, Split split, const EpisodeShape& shape, int64_t count);

  int64_t count() const { return count_; }
  PictureFeed& pictures() { return feed_; }
  /// Returns the positions of the pictures of all episodes: [count,W,k+Q] i64.
  torch::Tensor indices() const;
  /// Returns the accuracy of each episode in percent. The caller sets the mode of `method`.
  std::vector<double> accuracies(FewShotMethod& method);

 private:
  torch::Tensor episode_of(const torch::Tensor& pictures) const;  // [W·(k+Q),…] -> [W,k+Q,…]

  TaskContext context_;
  EpisodeShape shape_;
  int64_t count_;
  PictureFeed feed_;
  std::vector<Request> requests_;
};

/// Returns the percentage of queries classified correctly. `scores` [W·Q,W], class by class.
double accuracy_pct(const torch::Tensor& scores);

}  // namespace mra
