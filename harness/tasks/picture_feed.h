#pragma once

#include <deque>
#include <memory>

#include "harness/data/loader.h"
#include "harness/tasks/catalog.h"
#include "harness/train/tensor_batch.h"

namespace mra {

/// Batch size in evaluation.
constexpr int64_t kEvaluationBatch = 256;

/// Makes the sampler that chooses the training pictures; `seed` is the seed of the run.
using MakeSampler = std::function<SamplerPtr(const Dataset& dataset, uint64_t seed)>;

/// Samples every picture once per epoch.
SamplerPtr every_picture(const Dataset& dataset, uint64_t seed);
/// Samples the classes in turn, four pictures of each (class_aware() in sampler.h).
SamplerPtr classes_in_turn(const Dataset& dataset, uint64_t seed);

/// How the pictures of a split are read for training.
struct FeedOptions {
  int64_t batch_size = kEvaluationBatch;
  bool drop_last = false;
  MakeSampler sampler = every_picture;
  int64_t outputs = 0;            ///< columns of the targets; 0: number of classes
  int64_t batches_per_epoch = 0;  ///< 0: enough for every picture once
  /// Image transforms of each view of a picture; empty: one view, with the transforms of the spec.
  std::vector<std::vector<NamedOptions>> views = {};
};

/// Reads the pictures of one split as batches on the training device: data set, sampler, loader and
/// normalisation. Copies to a device begin two batches before they are needed.
class PictureFeed {
 public:
  PictureFeed(const TaskContext& context, Split split, FeedOptions options = {});
  ~PictureFeed() { maker_.wait(); }

  const Dataset& dataset() const { return *dataset_; }
  int64_t classes() const { return dataset_->classes(); }
  int64_t batches() const;

  /// Starts an epoch of randomly cropped pictures, chosen by the sampler, at batch `first_batch`.
  void start_training(int64_t epoch, int64_t first_batch);
  /// Starts a pass over all pictures in order, with centre crops.
  void start_evaluation();
  /// The same for the given pictures.
  void start_evaluation(std::vector<Request> requests);
  /// Gets the next batch, with the first view; returns false at the end of the pass.
  bool next(Batch& batch);
  /// Returns the next batch. The epoch must have one.
  Batch next_of_epoch();
  /// Returns the next batch once per view, in the order of FeedOptions::views; targets are equal.
  std::vector<Batch> next_views();

 private:
  using ComingViews = std::vector<ComingBatch>;

  void start(LoaderPlan plan);
  bool begin_one();
  bool take(ComingViews& views);

  int64_t seed_;
  FeedOptions options_;
  std::unique_ptr<Dataset> dataset_;
  SamplerPtr sampler_;
  std::unique_ptr<Loader> loader_;
  BatchMaker maker_;
  int64_t ahead_;  ///< batches whose copies go on while one is used
  std::deque<ComingViews> coming_;
  bool training_ = false;  ///< the current pass is for training
};

/// Returns `context` with method.input read from the spec: the size and normalisation of pictures.
TaskContext with_input(TaskContext context);

/// Seeds LibTorch's generator for the initial weights of this run.
void seed_initial_weights(int64_t seed);

}  // namespace mra
