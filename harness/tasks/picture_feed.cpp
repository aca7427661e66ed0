#include "harness/tasks/picture_feed.h"

namespace mra {

/// Makes the transforms of training pictures, in the spec's order.
static std::vector<ImageTransform> made_transforms(const TaskContext& context,
                                                   const std::vector<NamedOptions>& entries) {
  std::vector<ImageTransform> transforms;
  for (const NamedOptions& entry : entries)
    transforms.push_back(context.catalog.image_transforms.make(
        entry.name, SpecReader(entry.options, context.spec.file, entry.pointer), context.method));
  return transforms;
}

static std::vector<std::vector<ImageTransform>> made_views(const TaskContext& context, Split split,
                                                           const FeedOptions& options) {
  std::vector<std::vector<ImageTransform>> views;
  for (const auto& entries : options.views) views.push_back(made_transforms(context, entries));
  if (!views.empty()) return views;
  if (split != Split::kTrain && split != Split::kBase) return {{}};
  return {made_transforms(context, context.spec.image_transforms)};
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

PictureFeed::PictureFeed(const TaskContext& context, Split split, FeedOptions options)
    : seed_(context.seed),
      options_(std::move(options)),
      dataset_(make_dataset(SpecReader(context.spec.dataset, context.spec.file, "/dataset"), split,
                            context.data_dirs)),
      sampler_(options_.sampler(*dataset_, uint64_t(context.seed))),
      loader_(std::make_unique<Loader>(*dataset_, context.method.input, context.loader_threads,
                                       made_views(context, split, options_))),
      maker_(context.method.input, options_.outputs > 0 ? options_.outputs : dataset_->classes(),
             context.method.device) {}

int64_t PictureFeed::batches() const {
  if (options_.batches_per_epoch > 0) return options_.batches_per_epoch;
  return batches_of(dataset_->size(), options_.batch_size, options_.drop_last);
}

void PictureFeed::start_training(int64_t epoch, int64_t first_batch) {
  training_ = true;
  const bool whole_batches = options_.drop_last || options_.batches_per_epoch > 0;
  const int64_t pictures = whole_batches ? batches() * options_.batch_size : dataset_->size();
  loader_->start({.requests = sampler_->epoch(epoch, pictures),
                  .batch_size = options_.batch_size,
                  .drop_last = whole_batches,
                  .first_batch = first_batch,
                  .seed = uint64_t(seed_),
                  .training = true});
}

void PictureFeed::start_evaluation() {
  start_evaluation(in_order(dataset_->size())->epoch(0, dataset_->size()));
}

void PictureFeed::start_evaluation(std::vector<Request> requests) {
  training_ = false;
  loader_->start(
      {.requests = std::move(requests), .batch_size = options_.batch_size, .training = false});
}

bool PictureFeed::next(Batch& batch) {
  RawBatch raw;
  if (!loader_->next(raw)) return false;
  batch = training_ ? maker_.make_training(raw, uint64_t(seed_)) : maker_.make(raw);
  return true;
}

Batch PictureFeed::next_of_epoch() {
  Batch batch;
  TORCH_CHECK(next(batch), "the epoch has fewer batches than steps");
  return batch;
}

std::vector<Batch> PictureFeed::next_views() {
  RawBatch raw;
  TORCH_CHECK(loader_->next(raw), "the epoch has fewer batches than steps");
  std::vector<Batch> views;
  for (size_t view = 0; view < std::max<size_t>(1, options_.views.size()); ++view)
    views.push_back(maker_.make_training(raw, uint64_t(seed_), int64_t(view)));
  return views;
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
