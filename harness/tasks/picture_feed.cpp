#include "harness/tasks/picture_feed.h"

#include <numeric>

namespace mra {

/// The transforms a training picture goes through, in the spec's order.
static std::vector<ImageTransform> image_transforms(const TaskContext& context, Split split) {
  std::vector<ImageTransform> transforms;
  if (split != Split::kTrain) return transforms;
  for (const NamedOptions& entry : context.spec.image_transforms)
    transforms.push_back(context.catalog.image_transforms.make(
        entry.name, SpecReader(entry.options, context.spec.file, entry.pointer), context.method));
  return transforms;
}

PictureFeed::PictureFeed(const TaskContext& context, Split split, int64_t batch_size,
                         bool drop_last)
    : seed_(context.seed),
      batch_size_(batch_size),
      drop_last_(drop_last),
      dataset_(make_dataset(SpecReader(context.spec.dataset, context.spec.file, "/dataset"), split,
                            context.data_dirs)),
      loader_(std::make_unique<Loader>(*dataset_, context.method.input,
                                       image_transforms(context, split), context.loader_threads)),
      maker_(context.method.input, dataset_->classes(), context.method.device) {}

int64_t PictureFeed::batches() const {
  return batches_of(dataset_->size(), batch_size_, drop_last_);
}

void PictureFeed::start_training(int64_t epoch, int64_t first_batch) {
  training_ = true;
  epoch_ = uint32_t(epoch);
  loader_->start({.order = shuffled_order(dataset_->size(), uint64_t(seed_), uint32_t(epoch)),
                  .batch_size = batch_size_,
                  .drop_last = drop_last_,
                  .first_batch = first_batch,
                  .seed = uint64_t(seed_),
                  .epoch = uint32_t(epoch),
                  .training = true});
}

void PictureFeed::start_evaluation() {
  training_ = false;
  std::vector<int64_t> order(size_t(dataset_->size()));
  std::iota(order.begin(), order.end(), 0);
  loader_->start({.order = std::move(order), .batch_size = batch_size_, .training = false});
}

bool PictureFeed::next(Batch& batch) {
  RawBatch raw;
  if (!loader_->next(raw)) return false;
  batch = training_ ? maker_.make_training(raw, uint64_t(seed_), epoch_) : maker_.make(raw);
  return true;
}

void seed_initial_weights(int64_t seed) {
  Rng rng({.seed = uint64_t(seed), .purpose = Purpose::kInitWeights});
  torch::manual_seed(rng.next_u64());
}

TaskContext with_input(TaskContext context) {
  context.method.input = read_input(SpecReader(context.spec.input, context.spec.file, "/input"));
  return context;
}

}  // namespace mra
