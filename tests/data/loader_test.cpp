#include "harness/data/loader.h"

#include <atomic>
#include <cstring>
#include <set>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/data/picture_list.h"
#include "harness/data/shapes.h"
#include "harness/data/subset.h"
#include "tests/data/pictures.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

struct Copied {
  std::vector<uint8_t> pixels;
  std::vector<int64_t> labels;
  std::vector<Request> requests;
  bool operator==(const Copied&) const = default;
};

std::vector<Copied> rest(Loader& loader, int size_px) {
  std::vector<Copied> batches;
  for (RawBatch batch; loader.next(batch);) {
    EXPECT_EQ(reinterpret_cast<uintptr_t>(batch.pixels) % 64, 0u);
    const size_t bytes = size_t(batch.count) * size_t(size_px) * size_t(size_px) * 3;
    batches.push_back({{batch.pixels, batch.pixels + bytes},
                       {batch.labels, batch.labels + batch.count},
                       {batch.requests, batch.requests + batch.count}});
  }
  return batches;
}

std::vector<std::vector<uint8_t>> pixels_of(const std::vector<Copied>& batches) {
  std::vector<std::vector<uint8_t>> pixels;
  for (const Copied& batch : batches) pixels.push_back(batch.pixels);
  return pixels;
}

/// Shapes of which some cannot be read.
class Broken : public ShapesDataset {
 public:
  Broken(int64_t pictures, std::set<int64_t> bad)
      : ShapesDataset({.pictures = pictures}), bad_(std::move(bad)) {}
  void read(int64_t index, Image& image) const override {
    if (bad_.contains(index)) fail(ErrorKind::kIntegrity, describe(index), "damaged", "replace it");
    ShapesDataset::read(index, image);
  }

 private:
  std::set<int64_t> bad_;
};

/// Passes only read() on, so that every picture is decoded whole.
class ReadWhole : public Dataset {
 public:
  explicit ReadWhole(const Dataset& pictures) : pictures_(pictures) {}
  int64_t size() const override { return pictures_.size(); }
  int64_t classes() const override { return pictures_.classes(); }
  int64_t label(int64_t index) const override { return pictures_.label(index); }
  std::string describe(int64_t index) const override { return pictures_.describe(index); }
  void read(int64_t index, Image& image) const override { pictures_.read(index, image); }

 private:
  const Dataset& pictures_;
};

class LoaderTest : public ::testing::Test {
 protected:
  LoaderTest() {
    input_.size_px = 24;
    input_.scale_low = 0.25;
    input_.eval_resize_px = 28;
  }

  LoaderPlan plan(uint32_t epoch = 0, bool training = true) const {
    return {.requests = shuffled(shapes_.size(), 5)->epoch(epoch, shapes_.size()),
            .batch_size = 16,
            .seed = 5,
            .training = training};
  }

  std::vector<Copied> pass(Loader& loader, LoaderPlan how) const {
    loader.start(std::move(how));
    return rest(loader, input_.size_px);
  }

  ShapesDataset shapes_{{.pictures = 150}};
  InputOptions input_;
};

TEST_F(LoaderTest, BatchesAreTheSameForAnyNumberOfThreads) {
  const ImageTransform darken = [](Image& image, Rng& rng) {
    image.rgb[size_t(rng.below(image.rgb.size()))] = 0;
  };
  Loader alone(shapes_, input_, {darken}, 0);
  std::vector<std::vector<Copied>> expected;
  for (uint32_t epoch = 0; epoch < 3; ++epoch) expected.push_back(pass(alone, plan(epoch)));
  ASSERT_EQ(expected[0].size(), 10u);
  EXPECT_EQ(expected[0].back().labels.size(), 6u);
  EXPECT_NE(expected[0], expected[1]);
  for (const int threads : {1, 2, 8}) {
    Loader loader(shapes_, input_, {darken}, threads);
    for (uint32_t epoch = 0; epoch < 3; ++epoch)
      EXPECT_EQ(pass(loader, plan(epoch)), expected[epoch]) << threads << " threads";
  }
}

TEST_F(LoaderTest, HeldBatchesKeepTheirPixels) {
  Loader alone(shapes_, input_, {}, 0);
  const auto expected = pass(alone, plan());
  for (const int threads : {0, 3}) {
    int64_t allocated = 0;
    const auto allocate = [&](int64_t bytes) {
      ++allocated;
      return std::shared_ptr<uint8_t>(static_cast<uint8_t*>(std::aligned_alloc(64, size_t(bytes))),
                                      std::free);
    };
    Loader loader(shapes_, input_, threads, {{}}, {.held = 3, .allocate = allocate});
    for (int pass = 0; pass < 2; ++pass) {
      loader.start(plan());
      std::vector<RawBatch> given;
      for (RawBatch batch; loader.next(batch);) {
        given.push_back(batch);
        for (size_t i = given.size() - std::min<size_t>(3, given.size()); i < given.size(); ++i)
          EXPECT_EQ(
              std::memcmp(given[i].pixels, expected[i].pixels.data(), expected[i].pixels.size()), 0)
              << "batch " << i << " after " << given.size() << ", " << threads << " threads";
      }
      EXPECT_EQ(given.size(), expected.size());
    }
    EXPECT_EQ(allocated, threads > 0 ? 6 : 3);
  }
}

TEST_F(LoaderTest, ATransformBeforeTheCropSeesTheWholePicture) {
  input_.size_px = 8;
  std::set<int> sides_px;
  const auto white = [&](Image& image, Rng&) {
    sides_px.insert(image.width_px);
    std::fill(image.rgb.begin(), image.rgb.end(), uint8_t(255));
  };
  const auto note_side = [&](Image& image, Rng&) {
    sides_px.insert(-image.width_px);
    EXPECT_EQ(std::count(image.rgb.begin(), image.rgb.end(), uint8_t(255)),
              std::ptrdiff_t(image.rgb.size()));
  };
  // The second in the list is the first in time.
  Loader loader(shapes_, input_, {note_side, ImageTransform(white, /*before_crop=*/true)}, 0);
  pass(loader, plan());
  EXPECT_EQ(sides_px, (std::set<int>{-8, 32}));
}

TEST_F(LoaderTest, ReadingOnlyTheCropGivesTheSameBytes) {
  const TempDir folder;
  PictureList list{folder.path(), {}, {}, 1};
  for (int i = 0; i < 12; ++i) {
    list.files.push_back(std::to_string(i) + (i % 4 == 3 ? ".ppm" : ".jpg"));
    list.labels.push_back(0);
    const Image image = test_picture(60 + 11 * i, 130 - 7 * i);
    write_bytes(folder / list.files.back(),
                i % 4 == 3 ? ppm_bytes(image)
                           : jpeg_bytes(image, {.across = 1 + i % 2, .progressive = i == 5}));
  }
  const auto pictures =
      subset_of(pictures_of(list), {{1, 0, 2, 3, 5, 7, 8, 11}, {0, 0, 0, 0, 0, 0, 0, 0}, 1});
  const ReadWhole whole(*pictures);
  const ImageTransform darken = [](Image& image, Rng& rng) {
    image.rgb[size_t(rng.below(image.rgb.size()))] = 0;
  };
  Loader parts(*pictures, input_, {darken}, 0), wholes(whole, input_, {darken}, 0);
  for (uint32_t epoch = 0; epoch < 20; ++epoch) {
    LoaderPlan how = plan(epoch);
    how.requests = in_order(8)->epoch(epoch, 8);
    EXPECT_EQ(pass(parts, how), pass(wholes, how)) << epoch;
  }
}

TEST_F(LoaderTest, SampleDependsOnItsIndexNotOnItsPlace) {
  Loader loader(shapes_, input_, {}, 2);
  LoaderPlan forth = plan(), back = plan();
  std::reverse(back.requests.begin(), back.requests.end());
  forth.batch_size = back.batch_size = 1;
  const auto first = pass(loader, std::move(forth));
  auto second = pass(loader, std::move(back));
  std::reverse(second.begin(), second.end());
  EXPECT_EQ(first, second);
}

TEST_F(LoaderTest, LabelsAndIndicesBelongToTheirPictures) {
  Loader loader(shapes_, input_, {}, 2);
  const LoaderPlan how = plan();
  const auto batches = pass(loader, how);
  for (size_t i = 0; i < how.requests.size(); ++i) {
    EXPECT_EQ(batches[i / 16].requests[i % 16], how.requests[i]);
    EXPECT_EQ(batches[i / 16].labels[i % 16], how.requests[i].index % 10);
  }
}

TEST_F(LoaderTest, GoesOnAtAnyBatch) {
  for (const int threads : {0, 3}) {
    Loader loader(shapes_, input_, {}, threads);
    const auto whole = pass(loader, plan());
    for (const int64_t first : {1, 4, 9, 10, 12}) {
      LoaderPlan later = plan();
      later.first_batch = first;
      const auto part = pass(loader, std::move(later));
      ASSERT_EQ(part.size(), size_t(std::max<int64_t>(0, 10 - first)));
      EXPECT_TRUE(std::equal(part.begin(), part.end(), whole.end() - int64_t(part.size())));
    }
  }
}

TEST_F(LoaderTest, DropsTheLastPartialBatchWhenAsked) {
  Loader loader(shapes_, input_, {}, 2);
  LoaderPlan how = plan();
  how.drop_last = true;
  EXPECT_EQ(pass(loader, how).size(), 9u);
  how.batch_size = 151;
  EXPECT_EQ(pass(loader, how).size(), 0u);
  EXPECT_EQ(batches_of(150, 16, false), 10);
  EXPECT_EQ(batches_of(150, 150, true), 1);
}

TEST_F(LoaderTest, EvaluationIsTheSameEachTimeAndNotTransformed) {
  std::atomic<int> calls = 0;
  Loader loader(shapes_, input_, {[&](Image&, Rng&) { ++calls; }}, 2);
  LoaderPlan again = plan(0, false);
  for (Request& request : again.requests) request.draw = 7;
  again.seed = 9;
  EXPECT_EQ(pixels_of(pass(loader, plan(0, false))), pixels_of(pass(loader, std::move(again))));
  EXPECT_EQ(calls, 0);
  pass(loader, plan());
  EXPECT_EQ(calls, 150);
}

TEST_F(LoaderTest, EarliestBadSampleIsReportedWhateverTheThreads) {
  const Broken broken(150, {40, 41, 90});
  LoaderPlan how = plan();
  how.requests = in_order(150)->epoch(0, 150);
  std::swap(how.requests[40], how.requests[44]);  // 41 comes first now
  for (const int threads : {0, 1, 8})
    for (int repeat = 0; repeat < 5; ++repeat) {
      Loader loader(broken, input_, {}, threads);
      loader.start(how);
      RawBatch batch;
      EXPECT_TRUE(loader.next(batch));
      EXPECT_TRUE(loader.next(batch));
      try {
        loader.next(batch);
        ADD_FAILURE() << "no error with " << threads << " threads";
      } catch (const Error& error) {
        EXPECT_EQ(error.where, "shapes train[41]");
      }
      EXPECT_FALSE(loader.next(batch));
      how.first_batch = 6;
      EXPECT_EQ(pass(loader, how).size(), 4u) << "the loader can be used again";
      how.first_batch = 0;
    }
}

TEST_F(LoaderTest, PassMayBeGivenUpAtAnyMoment) {
  const auto expected = [&] {
    Loader alone(shapes_, input_, {}, 0);
    return pass(alone, plan(1));
  }();
  for (int64_t taken = 0; taken <= 10; ++taken) {
    Loader loader(shapes_, input_, {}, 3);
    loader.start(plan());
    RawBatch batch;
    for (int64_t i = 0; i < taken; ++i) loader.next(batch);
    EXPECT_EQ(pass(loader, plan(1)), expected);
    loader.start(plan());
    if (taken > 0) loader.next(batch);  // destroyed while it reads ahead
  }
  const Loader unused(shapes_, input_, {}, 4);
}

TEST_F(LoaderTest, BuffersAreReusedInTheSecondPass) {
  Loader loader(shapes_, input_, {}, 2);
  std::set<const uint8_t*> first, second;
  for (std::set<const uint8_t*>* seen : {&first, &second}) {
    loader.start(plan());
    for (RawBatch batch; loader.next(batch);) seen->insert(batch.pixels);
  }
  EXPECT_LE(first.size(), 4u);
  EXPECT_EQ(first, second);
}

TEST_F(LoaderTest, APictureThatComesTwiceIsCroppedTwice) {
  Loader loader(shapes_, input_, {}, 2);
  LoaderPlan how = plan();
  how.requests = {{3, 0}, {3, 1}, {3, 0}};
  how.batch_size = 1;
  const auto batches = pass(loader, how);
  EXPECT_NE(batches[0].pixels, batches[1].pixels);
  EXPECT_EQ(batches[0].pixels, batches[2].pixels);
}

TEST_F(LoaderTest, ViewsOfOnePictureHaveTransformsAndCropsOfTheirOwn) {
  const std::vector<ImageTransform> black = {
      ImageTransform([](Image& image, Rng&) { std::fill(image.rgb.begin(), image.rgb.end(), 0); },
                     /*before_crop=*/true)};
  Loader single(shapes_, input_, {}, 0);
  const auto expected = pass(single, plan());
  for (const int threads : {0, 1, 4}) {
    Loader loader(shapes_, input_, threads, {{}, black, {}});
    loader.start(plan());
    RawBatch batch;
    for (const Copied& first : expected) {
      ASSERT_TRUE(loader.next(batch));
      const size_t bytes = first.pixels.size();
      const std::vector<uint8_t> views[3] = {{batch.pixels, batch.pixels + bytes},
                                             {batch.pixels + bytes, batch.pixels + 2 * bytes},
                                             {batch.pixels + 2 * bytes, batch.pixels + 3 * bytes}};
      EXPECT_EQ(views[0], first.pixels) << "what it is without other views";
      EXPECT_EQ(views[1], std::vector<uint8_t>(bytes, 0));
      EXPECT_NE(views[2], first.pixels) << "another crop";
    }
    EXPECT_FALSE(loader.next(batch));
  }
}

}  // namespace
}  // namespace mra
