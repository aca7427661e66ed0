#pragma once

#include <memory>

#include "harness/data/loader.h"
#include "harness/tasks/catalog.h"
#include "harness/train/tensor_batch.h"

namespace mra {

/// Pictures at a time where nothing is learnt.
constexpr int64_t kEvaluationBatch = 256;

/// Which pictures of a data set a training sees; `seed` is the run's.
using MakeSampler = std::function<SamplerPtr(const Dataset& dataset, uint64_t seed)>;

/// Every picture once an epoch.
SamplerPtr every_picture(const Dataset& dataset, uint64_t seed);
/// Classes in turn, four pictures of each (class_aware() of sampler.h).
SamplerPtr classes_in_turn(const Dataset& dataset, uint64_t seed);

/// How a training goes through a split.
struct FeedOptions {
  int64_t batch_size = kEvaluationBatch;
  bool drop_last = false;
  MakeSampler sampler = every_picture;
  int64_t outputs = 0;            ///< columns of the targets; 0: the classes of the data set
  int64_t batches_per_epoch = 0;  ///< 0: as many as hold every picture once
  /// Image transforms of each view of a picture; none: one view, with those of the spec.
  std::vector<std::vector<NamedOptions>> views = {};
};

/// The pictures of one split as batches on the training device: data set, sampler, loader and
/// normalisation.
class PictureFeed {
 public:
  PictureFeed(const TaskContext& context, Split split, FeedOptions options = {});

  const Dataset& dataset() const { return *dataset_; }
  int64_t classes() const { return dataset_->classes(); }
  int64_t batches() const;

  /// Starts an epoch of randomly cropped pictures, as the sampler has them, at batch `first_batch`.
  void start_training(int64_t epoch, int64_t first_batch);
  /// Starts one pass in order, centre-cropped.
  void start_evaluation();
  /// The same of the pictures asked for.
  void start_evaluation(std::vector<Request> requests);
  /// The next batch, of the first view; false at the end of the pass.
  bool next(Batch& batch);
  /// The next batch of an epoch that must have one.
  Batch next_of_epoch();
  /// The same pictures once for each view, in the order of FeedOptions::views. Views share targets.
  std::vector<Batch> next_views();

 private:
  int64_t seed_;
  FeedOptions options_;
  std::unique_ptr<Dataset> dataset_;
  SamplerPtr sampler_;
  std::unique_ptr<Loader> loader_;
  BatchMaker maker_;
  bool training_ = false;  ///< of the pass under way
};

/// `context` with the "input" object of its spec read, so that methods see size and normalisation.
TaskContext with_input(TaskContext context);

/// Seeds LibTorch's generator with the stream of this run's initial weights.
void seed_initial_weights(int64_t seed);

}  // namespace mra
