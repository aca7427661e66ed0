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

/// The pictures of one split as batches on the training device: data set, sampler, loader and
/// normalisation.
class PictureFeed {
 public:
  PictureFeed(const TaskContext& context, Split split, int64_t batch_size, bool drop_last,
              const MakeSampler& sampler = every_picture);

  int64_t classes() const { return dataset_->classes(); }
  int64_t batches() const;

  /// Starts an epoch of randomly cropped pictures, as the sampler has them, at batch `first_batch`.
  void start_training(int64_t epoch, int64_t first_batch);
  /// Starts one pass in order, centre-cropped.
  void start_evaluation();
  /// The next batch; false at the end of the pass.
  bool next(Batch& batch);

 private:
  int64_t seed_;
  int64_t batch_size_;
  bool drop_last_;
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
