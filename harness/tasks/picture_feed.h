#pragma once

#include <memory>

#include "harness/data/loader.h"
#include "harness/tasks/catalog.h"
#include "harness/train/tensor_batch.h"

namespace mra {

/// Pictures at a time where nothing is learnt.
constexpr int64_t kEvaluationBatch = 256;

/// The pictures of one split as batches on the training device: data set, loader and normalisation.
class PictureFeed {
 public:
  PictureFeed(const TaskContext& context, Split split, int64_t batch_size, bool drop_last);

  int64_t classes() const { return dataset_->classes(); }
  int64_t batches() const;

  /// Starts an epoch of shuffled, randomly cropped pictures at batch `first_batch` of it.
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
  std::unique_ptr<Loader> loader_;
  BatchMaker maker_;
  bool training_ = false;  ///< of the pass under way
  uint32_t epoch_ = 0;
};

/// `context` with the "input" object of its spec read, so that methods see size and normalisation.
TaskContext with_input(TaskContext context);

/// Seeds LibTorch's generator with the stream of this run's initial weights.
void seed_initial_weights(int64_t seed);

}  // namespace mra
