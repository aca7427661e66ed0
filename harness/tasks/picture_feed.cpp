#include "harness/tasks/picture_feed.h"

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

SamplerPtr every_picture(const Dataset& dataset, uint64_t seed) {
  return shuffled(dataset.size(), seed);
}

SamplerPtr classes_in_turn(const Dataset& dataset, uint64_t seed) {
  constexpr int64_t kPicturesOfAVisit = 4;
  std::vector<int64_t> labels;
  for (int64_t i = 0; i < dataset.size(); ++i) labels.push_back(dataset.label(i));
  return class_aware(labels, kPicturesOfAVisit, seed);
}

PictureFeed::PictureFeed(const TaskContext& context, Split split, int64_t batch_size,
                         bool drop_last, const MakeSampler& sampler)
    : seed_(context.seed),
      batch_size_(batch_size),
      drop_last_(drop_last),
      dataset_(make_dataset(SpecReader(context.spec.dataset, context.spec.file, "/dataset"), split,
                            context.data_dirs)),
      sampler_(sampler(*dataset_, uint64_t(context.seed))),
      loader_(std::make_unique<Loader>(*dataset_, context.method.input,
                                       image_transforms(context, split), context.loader_threads)),
      maker_(context.method.input, dataset_->classes(), context.method.device) {}

int64_t PictureFeed::batches() const {
  return batches_of(dataset_->size(), batch_size_, drop_last_);
}

void PictureFeed::start_training(int64_t epoch, int64_t first_batch) {
  training_ = true;
  const int64_t pictures = drop_last_ ? batches() * batch_size_ : dataset_->size();
  loader_->start({.requests = sampler_->epoch(epoch, pictures),
                  .batch_size = batch_size_,
                  .drop_last = drop_last_,
                  .first_batch = first_batch,
                  .seed = uint64_t(seed_),
                  .training = true});
}

void PictureFeed::start_evaluation() {
  training_ = false;
  loader_->start({.requests = in_order(dataset_->size())->epoch(0, dataset_->size()),
                  .batch_size = batch_size_,
                  .training = false});
}

bool PictureFeed::next(Batch& batch) {
  RawBatch raw;
  if (!loader_->next(raw)) return false;
  batch = training_ ? maker_.make_training(raw, uint64_t(seed_)) : maker_.make(raw);
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
