#include <ctime>

#include <fmt/format.h>

#include "harness/base/stopwatch.h"
#include "harness/cli/commands/bench.h"
#include "harness/data/data_state.h"
#include "harness/data/image_ops.h"
#include "harness/data/loader.h"

namespace mra {

namespace {

/// What `harness bench loader` measures.
struct LoaderBench {
  std::string dataset;
  int size_px = 224;
  int threads = 1;
  int64_t pictures = 2000;
  double jitter = 0;  ///< range of brightness, contrast and saturation
};

/// The changes of torchvision's ColorJitter, in one order.
std::vector<ImageTransform> jitter_of(double range) {
  if (range == 0) return {};
  return {[range](Image& image, Rng& rng) {
    brightness(image, rng.uniform(1 - range, 1 + range));
    contrast(image, rng.uniform(1 - range, 1 + range));
    color(image, rng.uniform(1 - range, 1 + range));
  }};
}

/// Reads `pictures` training pictures and more of a first batch, which is not timed.
Json loader_rates(const Dataset& dataset, const LoaderBench& bench) {
  constexpr int64_t kBatchSize = 64;
  const Json size = {{"size_px", bench.size_px}};
  Loader loader(dataset, read_input(SpecReader(size, "--size")), jitter_of(bench.jitter),
                bench.threads);
  loader.start(
      {.requests = with_replacement(dataset.size(), 0)->epoch(0, bench.pictures + kBatchSize),
       .batch_size = kBatchSize});
  RawBatch batch;
  loader.next(batch);
  const Stopwatch watch;
  const std::clock_t start = std::clock();
  int64_t pictures = 0;
  while (loader.next(batch)) pictures += batch.count;
  const double computed_s = double(std::clock() - start) / CLOCKS_PER_SEC;
  return {{"dataset", bench.dataset},
          {"size_px", bench.size_px},
          {"jitter", bench.jitter},
          {"threads", bench.threads},
          {"pictures", pictures},
          {"images_per_s", double(pictures) / watch.elapsed_s()},
          {"images_per_cpu_s", double(pictures) / computed_s}};
}

int bench_loader(const Context& context, const LoaderBench& bench) {
  const Json entry = known_dataset(context.experiment_folders(), bench.dataset);
  const auto dataset = make_dataset(SpecReader(entry, "datasets.json"), splits_of(entry).front(),
                                    context.data_folders());
  const Json rates = loader_rates(*dataset, bench);
  context.answer(
      rates, fmt::format("{}: {:.0f} images/s with {} thread{}, {:.0f} per second of "
                         "one core's time\n",
                         bench.dataset, rates["images_per_s"].get<double>(), bench.threads,
                         bench.threads == 1 ? "" : "s", rates["images_per_cpu_s"].get<double>()));
  return 0;
}

}  // namespace

void add_loader_bench(CLI::App& bench, Context& context) {
  CLI::App* command =
      add_command(bench, "loader", "Pictures per second read for training, without training",
                  "  harness bench loader imagenette96 --data-dir ~/photos\n"
                  "  harness bench loader imagenet --threads 14 --jitter 0.4");
  const auto options = set_work(*command, context, bench_loader);
  command->add_option("NAME", options->dataset, "A data set of harness data list")->required();
  command->add_option("--size", options->size_px, "Side of the crops, in pixels")
      ->check(CLI::Range(8, 4096))
      ->capture_default_str();
  command->add_option("--threads", options->threads, "Threads that read pictures")
      ->check(CLI::Range(1, 256))
      ->capture_default_str();
  command->add_option("--pictures", options->pictures, "How many are timed")
      ->check(CLI::Range(1, 100'000'000))
      ->capture_default_str();
  command->add_option("--jitter", options->jitter, "Change colours by up to this much; 0: not")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
}

}  // namespace mra
