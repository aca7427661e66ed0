#include "harness/worker/augment_times.h"

#include <algorithm>
#include <ctime>

#include "baselines/catalog.h"
#include "harness/data/named_op.h"
#include "harness/train/loss.h"

namespace mra {

namespace {

/// Measures the seconds that the calling thread computes. Other programs hardly change them.
class ThreadStopwatch {
 public:
  double elapsed_s() const { return now_s() - start_s_; }

 private:
  static double now_s() {
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
  }
  double start_s_ = now_s();
};

/// Returns the seconds of one call: the smallest mean of several rounds, to exclude pauses of the
/// machine.
template <typename Work>
double seconds_of(Work work) {
  constexpr int kRounds = 7;
  constexpr double kRound_s = 0.02;
  double least_s = 1e9;
  work();  // warm-up: allocates memory and tables
  for (int round = 0; round < kRounds; ++round) {
    const ThreadStopwatch watch;
    int calls = 0;
    do {
      work();
      ++calls;
    } while (watch.elapsed_s() < kRound_s);
    least_s = std::min(least_s, watch.elapsed_s() / calls);
  }
  return least_s;
}

/// A ramp with noise, so that no operation is faster than on photos.
Image test_picture(int size_px) {
  Image image;
  image.resize(size_px, size_px);
  Rng rng({.seed = 0, .purpose = Purpose::kImage});
  for (int y = 0; y < size_px; ++y)
    for (int x = 0; x < 3 * size_px; ++x)
      image.row(y)[x] = uint8_t(20 + (x + y) * 150 / (4 * size_px) + int(rng.below(80)));
  return image;
}

/// Times every operation at a strength that policies use.
Json timed_operations(int size_px) {
  Json operations = Json::array();
  const auto add = [&](const char* name, double value, const char* resample = nullptr) {
    Json options = {{"op", name}, {"value", value}};
    if (resample) {
      options["resample"] = resample;
      options["fill"] = {128, 128, 128};
    }
    operations.push_back(options);
  };
  for (const char* resample : {"nearest", "bilinear"}) {
    add("ShearX", 0.27, resample);
    add("ShearY", 0.27, resample);
    add("TranslateX", 0.4 * size_px, resample);
    add("TranslateY", 0.4 * size_px, resample);
    add("Rotate", 27, resample);
  }
  for (const char* name : {"AutoContrast", "Equalize", "Invert"}) add(name, 0);
  add("Solarize", 128);
  add("SolarizeAdd", 99);
  add("Posterize", 3);
  for (const char* name : {"Color", "Contrast", "Brightness", "Sharpness"}) add(name, 1.72);
  operations.push_back(
      {{"op", "Cutout"}, {"value", 0.2}, {"x0", 0.5 * size_px}, {"y0", 0.5 * size_px}});
  return operations;
}

void time_operations(Json& operations, const Image& picture) {
  Image image = picture, scratch;
  for (Json& options : operations) {
    const NamedOp op = read_named_op(options);
    options["us"] = 1e6 * seconds_of([&] {
                      image.rgb = picture.rgb;
                      apply(op, image, scratch);
                    });
  }
}

Json time_methods(const Catalog& catalog, const Image& picture) {
  MethodContext context;
  context.input.size_px = picture.width_px;
  Json times = Json::array();
  for (const char* name :
       {"autoaugment", "fast_autoaugment", "faster_autoaugment", "randaugment", "dada"}) {
    const auto method =
        catalog.image_transforms.make(name, SpecReader(Json::object(), name), context);
    Image image = picture;
    constexpr int kDraws = 200;  // averages over the random choices
    const double seconds = seconds_of([&] {
      for (uint64_t draw = 0; draw < kDraws; ++draw) {
        Rng rng({.seed = 1, .index = draw, .purpose = Purpose::kImage});
        image.rgb = picture.rgb;
        method(image, rng);
      }
    });
    times.push_back({{"name", name}, {"us", 1e6 * seconds / kDraws}});
  }
  return times;
}

Json time_batch_methods(const Catalog& catalog) {
  MethodContext context;
  context.input.size_px = 64;
  Batch batch;
  batch.images = torch::randn({128, 3, 64, 64}).contiguous(torch::MemoryFormat::ChannelsLast);
  batch.targets = one_hot_targets(torch::arange(128) % 10, 10);
  Json times = Json::array();
  for (const char* name : {"cutout", "mixup", "cutmix", "saliencymix"}) {
    const auto method =
        catalog.batch_transforms.make(name, SpecReader(Json::object(), name), context);
    uint64_t draw = 0;
    const double seconds = seconds_of([&] {
      Rng rng({.seed = 1, .index = ++draw, .purpose = Purpose::kBatch});
      batch.images = method(batch, rng).images;
    });
    times.push_back({{"name", name}, {"ms", 1e3 * seconds}});
  }
  return times;
}

}  // namespace

Json augment_times(int size_px) {
  at::set_num_threads(1);
  Catalog catalog;
  register_methods(catalog);
  const Image picture = test_picture(size_px);
  Json operations = timed_operations(size_px);
  time_operations(operations, picture);
  return {{"size_px", size_px},
          {"operations", operations},
          {"methods", time_methods(catalog, picture)},
          {"batch_methods", time_batch_methods(catalog)}};
}

}  // namespace mra
