// What the methods draw: shares and distributions at fixed seeds.
#include <algorithm>
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include "baselines/augment/autoaugment.h"
#include "baselines/augment/cutout.h"
#include "baselines/augment/fast_autoaugment.h"
#include "baselines/augment/mixing.h"
#include "baselines/augment/randaugment.h"
#include "baselines/catalog.h"
#include "harness/base/error.h"
#include "harness/data/image_ops.h"
#include "harness/train/loss.h"

namespace mra {
namespace {

Rng stream(uint64_t index) {
  return Rng({.seed = 7, .index = index, .purpose = Purpose::kBatch});
}

MethodContext context(int size_px) {
  MethodContext made;
  made.input.size_px = size_px;
  return made;
}

Catalog catalog() {
  Catalog made;
  register_methods(made);
  return made;
}

BatchTransform batch_method(const std::string& name, const Json& options, int size_px) {
  return catalog().batch_transforms.make(name, SpecReader(options, "test"), context(size_px));
}

/// Pictures of ones for the first half of the batch, of twos for the other.
Batch two_kinds(int64_t pictures, int64_t size_px) {
  Batch batch;
  batch.images = torch::ones({pictures, 3, size_px, size_px});
  batch.images.slice(0, pictures / 2) += 1;
  batch.targets = one_hot_targets((torch::arange(pictures) >= pictures / 2).to(torch::kInt64), 2);
  return batch;
}

/// Pearson's statistic of counts that should be equal.
double chi_square(const std::map<std::string, int>& counts, size_t cells, int draws) {
  const double expected = double(draws) / double(cells);
  double sum = double(cells - counts.size()) * expected;
  for (const auto& [name, count] : counts)
    sum += (count - expected) * (count - expected) / expected;
  return sum;
}

/// Noise of 16×16 pixels.
Image noise_picture() {
  Image image;
  image.resize(16, 16);
  Rng rng = stream(99);
  for (uint8_t& value : image.rgb) value = uint8_t(rng.below(256));
  return image;
}

TEST(ColorJitter, DrawsEachAmountWithinItsRangeAndAppliesThemInOrder) {
  const Json options = {
      {"brightness", 0.4}, {"contrast", 0.3}, {"saturation", 0.2}, {"fixed_order", true}};
  const auto jitter =
      catalog().image_transforms.make("color_jitter", SpecReader(options, "test"), context(16));
  Image image = noise_picture(), expected = image;
  Rng rng = stream(5), same = stream(5);
  jitter(image, rng);
  brightness(expected, same.uniform(0.6, 1.4));
  contrast(expected, same.uniform(0.7, 1.3));
  color(expected, same.uniform(0.8, 1.2));
  EXPECT_EQ(image.rgb, expected.rgb);
  EXPECT_NE(image.rgb, noise_picture().rgb);
}

TEST(ColorJitter, OrdersAreDrawnEquallyOften) {
  const Json options = {{"brightness", 1}, {"contrast", 1}};
  const auto jitter =
      catalog().image_transforms.make("color_jitter", SpecReader(options, "test"), context(16));
  int brightness_first = 0;
  constexpr int kDraws = 400;
  for (int i = 0; i < kDraws; ++i) {
    Image image = noise_picture();
    Rng rng = stream(uint64_t(i));
    jitter(image, rng);
    for (const bool first : {true, false}) {
      Rng draws = stream(uint64_t(i));
      for (int swap = 4; swap > 1; --swap) draws.below(uint64_t(swap));
      const double one = draws.uniform(0, 2), other = draws.uniform(0, 2);
      Image expected = noise_picture();
      if (first) brightness(expected, one);
      contrast(expected, first ? other : one);
      if (!first) brightness(expected, other);
      if (expected.rgb == image.rgb) brightness_first += first;
    }
  }
  EXPECT_NEAR(brightness_first, kDraws / 2, 4 * std::sqrt(kDraws * 0.25));
}

TEST(Cutout, RemovesWhatASquareAnywhereRemovesOnAverage) {
  const auto cutout = batch_method("cutout", Json::object(), 224);
  double removed = 0;
  constexpr int kBatches = 40;
  for (int i = 0; i < kBatches; ++i) {
    Rng rng = stream(uint64_t(i));
    const Batch batch = cutout(two_kinds(32, 224), rng);
    removed += batch.images.select(1, 0).eq(0).to(torch::kFloat32).mean().item<double>() / kBatches;
  }
  EXPECT_NEAR(removed, 0.191, 0.004);
}

/// Which part of white pictures RandAugment fills with its grey.
double filled_share(int size_px) {
  const auto randaugment = catalog().image_transforms.make(
      "randaugment", SpecReader(Json::object(), "test"), context(size_px));
  Image image;
  image.resize(size_px, size_px);
  double share = 0;
  constexpr int kDraws = 600;
  for (int i = 0; i < kDraws; ++i) {
    Rng rng = stream(uint64_t(i));
    std::fill(image.rgb.begin(), image.rgb.end(), uint8_t(255));
    randaugment(image, rng);
    share += double(std::count(image.rgb.begin(), image.rgb.end(), uint8_t(128))) /
             double(image.rgb.size()) / kDraws;
  }
  return share;
}

TEST(RandAugment, FillsAsMuchOfASmallPictureAsOfALargeOne) {
  const double large = filled_share(224);
  EXPECT_GT(large, 0.05);
  EXPECT_NEAR(filled_share(32), large, 0.02);
}

TEST(CutMix, LeavesTheShareThatClippedBoxesLeave) {
  double share = 0;
  constexpr int kDraws = 20'000;
  for (int i = 0; i < kDraws; ++i) {
    Rng rng = stream(uint64_t(i));
    const double lambda = rng.beta(1, 1);
    const auto row = int64_t(rng.below(224)), column = int64_t(rng.below(224));
    share += share_outside(mix_box(lambda, row, column, 224, 224), 224, 224) / kDraws;
  }
  EXPECT_NEAR(share, 0.682, 0.006);
}

TEST(Mixing, TargetsFollowThePixels) {
  for (const char* name : {"mixup", "cutmix", "saliencymix"}) {
    const auto mix = batch_method(name, Json::object(), 16);
    Rng rng = stream(3);
    const Batch batch = mix(two_kinds(8, 16), rng);
    EXPECT_TRUE(batch.targets.sum(1).allclose(torch::ones({8}))) << name;
    const auto twos = batch.images.mean({1, 2, 3}) - 1;  // the share of the second kind
    EXPECT_TRUE(twos.allclose(batch.targets.select(1, 1), 1e-4, 1e-4)) << name;
  }
}

TEST(Mixing, PicturesAreMixedAsTheFormulaSaysInAnyLayout) {
  const auto images = torch::randn({5, 3, 7, 6});
  const auto order = torch::tensor({2, 0, 1, 4, 3}, torch::kInt64);
  const auto expected = 0.3 * images + (1.0 - 0.3) * images.index_select(0, order);
  const auto cropped = torch::randn({5, 3, 9, 9}).slice(2, 0, 7).slice(3, 0, 6).copy_(images);
  for (const auto& given : {images, images.contiguous(torch::MemoryFormat::ChannelsLast), cropped})
    EXPECT_TRUE(torch::equal(mix_images(given, order, 0.3), expected));
}

TEST(Mixing, NeverAltersTheBatchItIsGiven) {
  for (const char* name : {"cutout", "mixup", "cutmix", "saliencymix"}) {
    const auto mix = batch_method(name, Json::object(), 16);
    const Batch given = two_kinds(8, 16);
    Rng rng = stream(3);
    const Batch batch = mix(given, rng);
    EXPECT_TRUE(given.images.equal(two_kinds(8, 16).images)) << name;
    EXPECT_FALSE(batch.images.equal(given.images)) << name;
  }
}

TEST(Mixing, PermutationsAreUniform) {
  std::map<std::string, int> counts;
  constexpr int kDraws = 24'000;
  for (int i = 0; i < kDraws; ++i) {
    Rng rng = stream(uint64_t(i));
    const auto order = draw_permutation(4, rng);
    std::string name;
    for (int64_t place = 0; place < 4; ++place)
      name += std::to_string(order[place].item<int64_t>());
    ++counts[name];
  }
  EXPECT_EQ(counts.size(), 24u);
  EXPECT_LT(chi_square(counts, 24, kDraws), 49.7);  // 0.1 % of 23 degrees of freedom
}

TEST(AutoAugment, OperationsAreAppliedWithTheirProbabilities) {
  const auto policy = read_policy(find_policy("autoaugment_imagenet"));
  ASSERT_EQ(policy.size(), 25u);
  int first = 0, second = 0, negative = 0;
  constexpr int kDraws = 10'000;
  for (int i = 0; i < kDraws; ++i) {
    Rng rng = stream(uint64_t(i));
    const auto draws = draw_ops(policy[0], rng);  // Posterize 0.4, Rotate 0.6
    first += draws[0].applied;
    second += draws[1].applied;
    negative += draws[1].sign < 0;
  }
  EXPECT_NEAR(first, 0.4 * kDraws, 200);
  EXPECT_NEAR(second, 0.6 * kDraws, 200);
  EXPECT_NEAR(negative, 0.5 * kDraws, 200);
}

TEST(RandAugment, DrawsFromAsManyOperationsAsItsCodeHas) {
  EXPECT_EQ(randaugment_names("tpu").size(), 16u);
  EXPECT_EQ(randaugment_names("torchvision").size(), 14u);
  EXPECT_EQ(randaugment_names("timm").size(), 15u);
}

/// Into which eighth of (low, high] a value falls.
std::string eighth(double value, double low, double high) {
  return std::to_string(std::min(7, int(8 * (value - low) / (high - low))));
}

TEST(RandAugment, DrawsOperationsAndCentresUniformly) {
  std::map<std::string, int> names, columns;
  int squares = 0, left = 0, shifts = 0;
  constexpr int kDraws = 16'000;
  for (int i = 0; i < kDraws; ++i) {
    Rng rng = stream(uint64_t(i));
    for (const NamedOp& op : draw_randaugment({}, {224, 224}, rng)) {
      ++names[op.name];
      if (op.name == "TranslateX") left += (++shifts, op.value > 0);
      if (op.name != "CutoutSquare") continue;
      ++squares;
      ++columns[eighth(op.at_x, 0, 224)];
    }
  }
  EXPECT_EQ(names.size(), 16u);
  EXPECT_LT(chi_square(names, 16, 2 * kDraws), 37.7);  // 0.1 % of 15 degrees of freedom
  EXPECT_LT(chi_square(columns, 8, squares), 24.3);    // of 7
  EXPECT_NEAR(double(left) / shifts, 0.5, 0.04);
}

TEST(RandAugment, OfTimmAppliesHalfOfWhatItDraws) {
  RandAugmentOptions options;
  options.impl = "timm";
  size_t applied = 0;
  constexpr int kDraws = 10'000;
  for (int i = 0; i < kDraws; ++i) {
    Rng rng = stream(uint64_t(i));
    applied += draw_randaugment(options, {224, 224}, rng).size();
  }
  EXPECT_NEAR(double(applied) / (2 * kDraws), 0.5, 0.012);
}

TEST(FastAutoAugment, DrawsCentresUniformlyFromTheSecondPixelOn) {
  const auto policy = read_policy(find_policy("fast_autoaugment_imagenet"));
  std::map<std::string, int> columns, rows;
  constexpr int kDraws = 8000;
  for (int i = 0; i < kDraws; ++i) {
    Rng rng = stream(uint64_t(i));
    const OpDraw draw = draw_fast_aa(policy[0], {64, 32}, rng)[0];
    EXPECT_GT(draw.x, 1);
    EXPECT_LE(draw.x, 64);
    ++columns[eighth(draw.x, 1, 64)];
    ++rows[eighth(draw.y, 1, 32)];
  }
  EXPECT_LT(chi_square(columns, 8, kDraws), 24.3);
  EXPECT_LT(chi_square(rows, 8, kDraws), 24.3);
}

TEST(Policies, ComeWithTheProgramAndChangePictures) {
  for (const char* name :
       {"autoaugment", "fast_autoaugment", "faster_autoaugment", "randaugment", "dada"}) {
    const auto method =
        catalog().image_transforms.make(name, SpecReader(Json::object(), "test"), context(32));
    int changed = 0;
    for (int i = 0; i < 50; ++i) {
      Image image;
      image.resize(32, 32);
      for (size_t k = 0; k < image.rgb.size(); ++k) image.rgb[k] = uint8_t(k * 37 % 200 + 20);
      const auto before = image.rgb;
      Rng rng = stream(uint64_t(i)), again = stream(uint64_t(i));
      Image twin = image;
      method(image, rng);
      method(twin, again);
      EXPECT_EQ(image.rgb, twin.rgb) << name << ": the same draws, the same picture";
      changed += image.rgb != before;
    }
    EXPECT_GT(changed, 30) << name;
  }
}

TEST(Policies, HaveAsManySubPoliciesAsTheirAuthorsPublished) {
  EXPECT_THROW(find_policy("autoaugment_imagnet"), Error);
  EXPECT_EQ(read_policy(find_policy("fast_autoaugment_imagenet")).size(), 498u);
  EXPECT_EQ(read_policy(find_policy("dada_imagenet")).size(), 25u);
  EXPECT_EQ(read_policy(find_policy("faster_autoaugment_imagenet_autoalbument")).size(), 100u);
}

}  // namespace
}  // namespace mra
