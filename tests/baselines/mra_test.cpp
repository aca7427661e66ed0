#include "baselines/augment/mra_augment.h"

#include <limits>

#include <gtest/gtest.h>

#include "harness/model/vit_block.h"

namespace mra {

constexpr int64_t kPatches = 16, kKept = 9;  // of 16 px pictures in patches of 4 px; 40 % hidden

static MaskedAutoencoder tiny_mae() {
  at::set_num_threads(1);  // tiny tensors: threads would only wait for each other
  torch::manual_seed(3);
  MaskedAutoencoder mae(MaeOptions{.image_px = 16,
                                   .patch_px = 4,
                                   .dim = 16,
                                   .depth = 2,
                                   .heads = 2,
                                   .decoder_dim = 8,
                                   .decoder_depth = 2,
                                   .decoder_heads = 2});
  const torch::NoGradGuard no_grad;
  for (auto& parameter : mae->parameters())  // biases that matter
    if (parameter.dim() == 1) parameter.add_(torch::randn_like(parameter), 0.3);
  return mae;
}

static torch::Tensor pictures(int64_t count = 3) {
  torch::manual_seed(4);
  return torch::randn({count, 3, 16, 16});
}

/// The default options of that way to hide.
static MraOptions hiding(const std::string& way) {
  MraOptions options;
  options.hide = way;
  return options;
}

static torch::Tensor sorted(const torch::Tensor& values) {
  return std::get<0>(values.sort(1));
}

/// [N,L,P] at the patches that `mask` [N,L] marks.
static torch::Tensor patches_at(MaskedAutoencoder& mae, const torch::Tensor& images,
                                const torch::Tensor& mask) {
  return mae->patchify(images).index({mask.to(torch::kBool)});
}

class MraHiding : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Ways, MraHiding, testing::Values("low", "high", "random"),
                         [](const auto& way) { return way.param; });

TEST_P(MraHiding, HidesExactlyTheAskedPatchesOfEveryPicture) {
  auto mae = tiny_mae();
  const auto noise = torch::rand({3, kPatches});
  const MraResult result = mra_augment(mae, pictures(), hiding(GetParam()), noise);
  EXPECT_TRUE(result.hidden.sum(1).eq(kPatches - kKept).all().item<bool>());
  EXPECT_EQ(result.kept.sizes(), (std::vector<int64_t>{3, kKept}));
  EXPECT_TRUE(result.hidden.gather(1, result.kept).eq(0).all().item<bool>());
}

TEST_P(MraHiding, LeavesVisiblePixelsBitForBitAndChangesTheOthers) {
  auto mae = tiny_mae();
  const auto images = pictures(), noise = torch::rand({3, kPatches});
  for (const bool reconstruct : {true, false}) {
    MraOptions options = hiding(GetParam());
    options.reconstruct = reconstruct;
    const MraResult result = mra_augment(mae, images, options, noise);
    EXPECT_TRUE(patches_at(mae, result.output, 1 - result.hidden)
                    .equal(patches_at(mae, images, 1 - result.hidden)));
    const auto changed = mae->patchify(result.output).ne(mae->patchify(images)).any(2);
    EXPECT_TRUE(changed.to(torch::kFloat32).equal(result.hidden));
  }
}

TEST_P(MraHiding, NothingIsTheIdentityBitForBit) {
  auto mae = tiny_mae();
  const auto images = pictures(), noise = torch::rand({3, kPatches});
  for (const bool reconstruct : {true, false}) {
    MraOptions options = hiding(GetParam());
    options.hidden_frac = 0;
    options.reconstruct = reconstruct;
    EXPECT_TRUE(mra_augment(mae, images, options, noise).output.equal(images));
  }
}

TEST(Mra, LowKeepsTheHighestScoresAndHighTheLowest) {
  auto mae = tiny_mae();
  const auto images = pictures();
  const auto scores = mae->attention(mae->embed(images), {});
  const auto low = mra_augment(mae, images, hiding("low"));
  const auto high = mra_augment(mae, images, hiding("high"));
  const auto descending = std::get<0>(scores.sort(1, /*descending=*/true));
  EXPECT_TRUE(scores.gather(1, low.kept).equal(descending.narrow(1, 0, kKept)));
  EXPECT_TRUE(scores.gather(1, high.kept).equal(sorted(scores).narrow(1, 0, kKept)));
}

TEST(Mra, RandomKeepsThePatchesOfTheSmallestNoise) {
  auto mae = tiny_mae();
  const auto noise = torch::rand({3, kPatches});
  const MraResult result = mra_augment(mae, pictures(), hiding("random"), noise);
  EXPECT_TRUE(noise.gather(1, result.kept).equal(sorted(noise).narrow(1, 0, kKept)));
}

TEST(Mra, ScalingTheQueryLeavesTheHiddenPatches) {
  auto mae = tiny_mae();
  const auto before = mra_augment(mae, pictures(), MraOptions());
  {
    const torch::NoGradGuard no_grad;
    for (auto& item : mae->named_parameters())
      if (item.key().starts_with("blocks.1.attn.qkv")) item.value().narrow(0, 0, 16).mul_(8);
  }
  const auto after = mra_augment(mae, pictures(), MraOptions());
  EXPECT_TRUE(after.kept.equal(before.kept));
  EXPECT_FALSE(after.output.equal(before.output)) << "the masked pass uses the query, too";
}

TEST(Mra, DoesNotDependOnTheOrderOfKeptPatches) {
  auto mae = tiny_mae();
  const auto images = pictures();
  const auto noise = torch::rand({3, kPatches});
  const auto result = mra_augment(mae, images, hiding("random"), noise);
  // Kept patches turned round; the hidden ones after them as they were.
  const auto turned = torch::where(result.hidden.to(torch::kBool), noise + 1, -noise);
  const auto other = mra_augment(mae, images, hiding("random"), turned);
  EXPECT_FALSE(other.kept.equal(result.kept));
  EXPECT_TRUE(other.hidden.equal(result.hidden));
  EXPECT_TRUE(other.output.allclose(result.output, 1e-4, 1e-5));
}

TEST(Mra, PaintsWhatTheDecoderOfAllPatchesPaints) {
  auto mae = tiny_mae();
  const auto images = pictures();
  const auto pasted = mra_augment(mae, images, MraOptions());
  MraOptions options;
  options.compose = "decoder_all";
  const auto whole = mra_augment(mae, images, options);
  EXPECT_TRUE(whole.output.equal(whole.reconstruction));
  EXPECT_TRUE(patches_at(mae, pasted.output, pasted.hidden)
                  .allclose(patches_at(mae, whole.output, pasted.hidden), 1e-4, 1e-5));
  EXPECT_FALSE(patches_at(mae, whole.output, 1 - pasted.hidden)
                   .allclose(patches_at(mae, images, 1 - pasted.hidden)));
}

TEST(Mra, AWildPredictionStaysWithinHiddenPatches) {
  auto mae = tiny_mae();
  const auto images = pictures();
  for (auto& item : mae->named_parameters())
    if (item.key() == "decoder_pred.bias")
      item.value().detach().fill_(std::numeric_limits<float>::quiet_NaN());
  const auto result = mra_augment(mae, images, MraOptions());
  const auto wild = mae->patchify(result.output).isnan().all(2).to(torch::kFloat32);
  EXPECT_TRUE(wild.equal(result.hidden));
  EXPECT_TRUE(patches_at(mae, result.output, 1 - result.hidden)
                  .equal(patches_at(mae, images, 1 - result.hidden)));
}

TEST(Mra, RecordsNoGradients) {
  auto mae = tiny_mae();
  const auto images = pictures().requires_grad_();
  const auto result = mra_augment(mae, images, MraOptions());
  EXPECT_FALSE(result.output.requires_grad());
  EXPECT_TRUE(torch::GradMode::is_enabled()) << "only for its own work";
}

TEST(Mra, LeavesTheBatchItWasGiven) {
  auto mae = tiny_mae();
  for (const auto format : {torch::MemoryFormat::Contiguous, torch::MemoryFormat::ChannelsLast}) {
    const auto images = pictures().contiguous(format), before = images.clone();
    const auto output = mra_augment(mae, images, MraOptions()).output;
    EXPECT_TRUE(images.equal(before));
    EXPECT_TRUE(output.allclose(mra_augment(mae, pictures(), MraOptions()).output));
  }
}

TEST(Mra, LeavesTheBatchEvenWherePatchesAreItsOwnPixels) {
  MaskedAutoencoder mae(MaeOptions{.image_px = 4,
                                   .patch_px = 1,
                                   .dim = 8,
                                   .depth = 1,
                                   .heads = 1,
                                   .decoder_dim = 8,
                                   .decoder_depth = 1,
                                   .decoder_heads = 1});
  const auto images = torch::randn({2, 3, 4, 4}).contiguous(torch::MemoryFormat::ChannelsLast);
  const auto before = images.clone();
  EXPECT_FALSE(mra_augment(mae, images, MraOptions()).output.equal(before));
  EXPECT_TRUE(images.equal(before));
}

TEST(MraFill, IsTheMeanColourOrBlack) {
  auto mae = tiny_mae();
  const auto images = pictures();
  MraOptions options;
  options.reconstruct = false;
  const auto grey = mra_augment(mae, images, options);
  EXPECT_TRUE(patches_at(mae, grey.output, grey.hidden).eq(0).all().item<bool>());
  options.mask_fill = "black";
  const auto black = mra_augment(mae, images, options);
  const auto mean = torch::tensor({0.485f, 0.456f, 0.406f});
  const auto std = torch::tensor({0.229f, 0.224f, 0.225f});
  const auto pixels = patches_at(mae, black.output, black.hidden).view({-1, 3});
  EXPECT_TRUE((pixels * std + mean).abs().max().item<float>() < 1e-6);
}

TEST(MraClip, LimitsTheResultToValidPixels) {
  auto mae = tiny_mae();
  const auto images = 10 * pictures();
  MraOptions options;
  options.clip = true;
  const auto mean = torch::tensor({0.485f, 0.456f, 0.406f}).view({3, 1, 1});
  const auto std = torch::tensor({0.229f, 0.224f, 0.225f}).view({3, 1, 1});
  const auto pixels = mra_augment(mae, images, options).output * std + mean;
  EXPECT_NEAR(pixels.min().item<double>(), 0, 1e-6);
  EXPECT_NEAR(pixels.max().item<double>(), 1, 1e-6);
}

}  // namespace mra
