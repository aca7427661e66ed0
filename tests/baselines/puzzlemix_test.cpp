#include "baselines/augment/puzzlemix.h"

#include <cmath>
#include <limits>
#include <map>

#include <gtest/gtest.h>

#include "baselines/catalog.h"
#include "harness/base/error.h"
#include "harness/train/device.h"
#include "harness/train/loss.h"

namespace mra {
namespace {

Rng stream(uint64_t index) {
  return Rng({.seed = 7, .index = index, .purpose = Purpose::kBatch});
}

Batch noise(int64_t pictures, int64_t size_px) {
  torch::manual_seed(5);
  Batch batch;
  batch.images = torch::randn({pictures, 3, size_px, size_px});
  batch.targets = one_hot_targets(torch::arange(pictures, torch::kInt64), pictures);
  return batch;
}

/// What a network might look at: anything that is a function of the picture.
torch::Tensor contrast(const Batch& batch) {
  return (batch.images - batch.images.mean({2, 3}, true)).pow(3);
}

BatchTransform make(const Json& options, int size_px,
                    std::function<torch::Tensor(const Batch&)> gradient = contrast) {
  Catalog catalog;
  register_methods(catalog);
  MethodContext context;
  context.input.size_px = size_px;
  context.input_gradient = std::move(gradient);
  return catalog.batch_transforms.make("puzzlemix", SpecReader(options, "test"), context);
}

torch::Tensor saliency_of(const Batch& batch) {
  return contrast(batch).square().mean(1).sqrt();
}

Puzzle solve(const Batch& batch, const PuzzleDraw& draw, bool transport = true) {
  PuzzleMixOptions options;
  options.transport = transport;
  return solve_puzzle(batch.images, saliency_of(batch), draw, options, {});
}

PuzzleDraw draw_of(double alpha, std::vector<int64_t> permutation, int64_t blocks) {
  return {alpha, torch::tensor(permutation, torch::kInt64), blocks};
}

TEST(PuzzleMix, BlocksDivideThePictureIntoTwoPixelsOrMore) {
  EXPECT_EQ(fitting_blocks(224), (std::vector<int64_t>{2, 4, 8, 16}));
  EXPECT_EQ(fitting_blocks(32), (std::vector<int64_t>{2, 4, 8, 16}));
  EXPECT_EQ(fitting_blocks(16), (std::vector<int64_t>{2, 4, 8}));
  EXPECT_EQ(fitting_blocks(84), (std::vector<int64_t>{2, 4}));
  EXPECT_EQ(fitting_blocks(4), (std::vector<int64_t>{2}));
  for (const int64_t size_px : {1, 2, 3, 225}) EXPECT_TRUE(fitting_blocks(size_px).empty());
}

TEST(PuzzleMix, NumbersOfBlocksAreDrawnUniformly) {
  std::map<int64_t, int> counts;
  double alpha = 0;
  constexpr int kDraws = 8000;
  for (int i = 0; i < kDraws; ++i) {
    Rng rng = stream(uint64_t(i));
    const auto draw = draw_puzzle(3, 64, 1, rng);
    ++counts[draw.blocks];
    alpha += draw.alpha / kDraws;
  }
  ASSERT_EQ(counts.size(), 4u);
  for (const auto& [blocks, count] : counts) EXPECT_NEAR(count, kDraws / 4, 120) << blocks;
  EXPECT_NEAR(alpha, 0.5, 0.01);
}

TEST(PuzzleMix, WithoutMovesEveryBlockIsOneOfTheTwoOrTheirMean) {
  const Batch batch = noise(6, 16);
  const auto draw = draw_of(0.5, {3, 2, 5, 0, 1, 4}, 4);
  const Puzzle puzzle = solve(batch, draw, false);
  const Batch mixed = lay_puzzle(batch, draw.permutation, puzzle);
  std::map<float, int> labels;
  for (int64_t n = 0; n < 6; ++n)
    for (int64_t row = 0; row < 4; ++row)
      for (int64_t column = 0; column < 4; ++column) {
        const auto block = [&](const torch::Tensor& images, int64_t picture) {
          return images[picture]
              .slice(1, 4 * row, 4 * row + 4)
              .slice(2, 4 * column, 4 * column + 4);
        };
        const float share = puzzle.own_share[n][row][column].item<float>();
        ++labels[share];
        const auto expected =
            share * block(batch.images, n) +
            (1 - share) * block(batch.images, draw.permutation[n].item<int64_t>());
        EXPECT_TRUE(block(mixed.images, n).allclose(expected, 0, 1e-6));
      }
  EXPECT_EQ(labels.size(), 3u);  // the draw of this test shows all three
}

TEST(PuzzleMix, ASharePutsOnlyTheOwnOrOnlyThePartnersPicture) {
  Batch batch = noise(4, 32);
  const torch::Tensor even = torch::ones({4, 32, 32});
  for (const double alpha : {0.0, 1.0}) {
    const auto draw = draw_of(alpha, {1, 2, 3, 0}, 8);
    const Puzzle puzzle = solve_puzzle(batch.images, even, draw, {}, {});
    const Batch mixed = lay_puzzle(batch, draw.permutation, puzzle);
    const auto shown = alpha == 1 ? batch.images : batch.images.index_select(0, draw.permutation);
    EXPECT_TRUE(mixed.images.equal(shown));
    EXPECT_TRUE(own_shares(puzzle).eq(alpha).all().item<bool>());
  }
}

TEST(PuzzleMix, TargetsFollowTheSharesOfTheBlocks) {
  const Batch batch = noise(8, 32);
  Rng rng = stream(2), again = stream(2);
  const Batch mixed = make({{"transport", false}}, 32)(batch, rng);
  EXPECT_TRUE(mixed.targets.sum(1).allclose(torch::ones({8})));
  again.uniform();  // whether to mix at all
  const auto draw = draw_puzzle(8, 32, 1, again);
  const auto own = own_shares(solve(batch, draw, false)).to(torch::kFloat32);
  const auto self = draw.permutation.eq(torch::arange(8));
  EXPECT_TRUE(mixed.targets.diagonal().allclose(torch::where(self, torch::ones({8}), own)));
}

TEST(PuzzleMix, IsTheSameForAnyNumberOfThreads) {
  const Batch batch = noise(16, 64);
  std::vector<torch::Tensor> images;
  for (const int threads : {1, 2, 3}) {
    set_threads(threads);
    Rng rng = stream(6);
    images.push_back(make(Json::object(), 64)(batch, rng).images);
  }
  set_threads(1);
  EXPECT_TRUE(images[0].equal(images[1]));
  EXPECT_TRUE(images[0].equal(images[2]));
}

TEST(PuzzleMix, NeverAltersTheBatchItIsGiven) {
  const Batch given = noise(8, 32), twin = noise(8, 32);
  Rng rng = stream(3);
  const Batch mixed = make(Json::object(), 32)(given, rng);
  EXPECT_TRUE(given.images.equal(twin.images) && given.targets.equal(twin.targets));
  EXPECT_FALSE(mixed.images.equal(given.images));
  EXPECT_TRUE(make({{"prob", 0.0}}, 32)(given, rng).images.equal(given.images));
}

TEST(PuzzleMix, APictureAloneKeepsItsTarget) {
  const Batch batch = noise(1, 16);
  for (uint64_t i = 0; i < 10; ++i) {
    Rng rng = stream(i);
    const Batch mixed = make({{"transport", false}}, 16)(batch, rng);
    EXPECT_TRUE(mixed.images.allclose(batch.images, 0, 1e-6));
    EXPECT_TRUE(mixed.targets.equal(batch.targets));
  }
}

TEST(PuzzleMix, KeepsTheMemoryLayout) {
  Batch batch = noise(4, 32);
  batch.images = batch.images.contiguous(torch::MemoryFormat::ChannelsLast);
  Rng rng = stream(3);
  EXPECT_TRUE(
      make(Json::object(), 32)(batch, rng).images.is_contiguous(torch::MemoryFormat::ChannelsLast));
}

TEST(PuzzleMix, SurvivesGradientsWithoutAnyInformation) {
  const Batch batch = noise(4, 16);
  const float infinite = std::numeric_limits<float>::infinity();
  for (const float value : {0.0f, infinite, std::nanf("")}) {
    Rng rng = stream(9), again = stream(9);
    const auto constant = [value](const Batch& of) { return torch::full_like(of.images, value); };
    const auto even = [](const Batch& of) { return torch::ones_like(of.images); };
    const Batch mixed = make(Json::object(), 16, constant)(batch, rng);
    EXPECT_TRUE(mixed.images.equal(make(Json::object(), 16, even)(batch, again).images)) << value;
  }
  Batch broken = noise(2, 16);
  broken.images.fill_(std::nanf(""));
  Rng rng = stream(1);
  EXPECT_EQ(make(Json::object(), 16)(broken, rng).images.size(0), 2);
}

TEST(PuzzleMix, WhatItCannotDoIsRefusedBeforeTraining) {
  for (const Json& options : {Json{{"beta", 0.0}}, Json{{"beta", -1.0}}, Json{{"prob", 1.5}},
                              Json{{"n_labels", 4}}, Json{{"p_eta", -0.1}}})
    EXPECT_THROW(make(options, 32), Error) << options;
  for (const int size_px : {1, 2, 15}) EXPECT_THROW(make(Json::object(), size_px), Error);
  EXPECT_THROW(make(Json::object(), 32, nullptr), Error);
}

}  // namespace
}  // namespace mra
