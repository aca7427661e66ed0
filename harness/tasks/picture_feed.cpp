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

/// Memory from which a device copies while the host goes on.
static std::shared_ptr<uint8_t> pinned_memory(int64_t bytes) {
  const auto options = torch::TensorOptions(torch::kUInt8).pinned_memory(true);
  const torch::Tensor memory = torch::empty({bytes}, options);
  return {memory.data_ptr<uint8_t>(), [memory](uint8_t*) {}};
}

/// Batches whose copies to the device go on while one is used. On the CPU there are no copies.
static int64_t copied_ahead(torch::Device device) {
  return device.is_cpu() ? 0 : 2;
}

static LoaderMemory loader_memory(torch::Device device) {
  if (device.is_cpu()) return {};
  return {.held = copied_ahead(device), .allocate = pinned_memory};
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
                                       made_views(context, split, options_),
                                       loader_memory(context.method.device))),
      maker_(context.method.input, options_.outputs > 0 ? options_.outputs : dataset_->classes(),
             context.method.device),
      ahead_(copied_ahead(context.method.device)) {}

int64_t PictureFeed::batches() const {
  if (options_.batches_per_epoch > 0) return options_.batches_per_epoch;
  return batches_of(dataset_->size(), options_.batch_size, options_.drop_last);
}

void PictureFeed::start_training(int64_t epoch, int64_t first_batch) {
  training_ = true;
  const bool whole_batches = options_.drop_last || options_.batches_per_epoch > 0;
  const int64_t pictures = whole_batches ? batches() * options_.batch_size : dataset_->size();
  start({.requests = sampler_->epoch(epoch, pictures),
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
  start({.requests = std::move(requests), .batch_size = options_.batch_size, .training = false});
}

void PictureFeed::start(LoaderPlan plan) {
  maker_.wait();  // the loader is about to fill the memory of earlier batches
  coming_.clear();
  loader_->start(std::move(plan));
}

/// Begins to copy the next batch of the loader; returns false at the end of the pass.
bool PictureFeed::begin_one() {
  RawBatch raw;
  if (!loader_->next(raw)) return false;
  ComingViews& views = coming_.emplace_back();
  if (!training_) views.push_back(maker_.begin(raw));
  for (size_t view = 0; training_ && view < std::max<size_t>(1, options_.views.size()); ++view)
    views.push_back(maker_.begin_training(raw, uint64_t(seed_), int64_t(view)));
  return true;
}

/// Takes the next batch, whose copies are done, and begins those of later ones.
bool PictureFeed::take(ComingViews& views) {
  if (coming_.empty() && !begin_one()) return false;
  maker_.wait();
  views = std::move(coming_.front());
  coming_.pop_front();
  while (int64_t(coming_.size()) < ahead_ && begin_one()) {
  }
  return true;
}

bool PictureFeed::next(Batch& batch) {
  ComingViews views;
  if (!take(views)) return false;
  batch = maker_.finish(std::move(views.front()));
  return true;
}

Batch PictureFeed::next_of_epoch() {
  Batch batch;
  TORCH_CHECK(next(batch), "the epoch has fewer batches than steps");
  return batch;
}

std::vector<Batch> PictureFeed::next_views() {
  ComingViews coming;
  TORCH_CHECK(take(coming), "the epoch has fewer batches than steps");
  std::vector<Batch> views;
  for (ComingBatch& view : coming) views.push_back(maker_.finish(std::move(view)));
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
