#include <fstream>

#include "harness/spec/catalog_names.h"
#include "tests/baselines/make_mra_fixture.h"

namespace mra {

TEST_F(MakeMra, HidesAsManyPatchesAsThePretrainingUnlessToldOtherwise) {
  EXPECT_TRUE(changed_patches(apply(make()).images).eq(kPatches - 9).all().item<bool>());
  EXPECT_TRUE(changed_patches(apply(make({{"hidden_frac", 0.5}})).images).eq(8).all().item<bool>());
  write(kSizes, {{"model", kSizes.dump()}, {"hidden_frac", "0.75"}});
  EXPECT_TRUE(changed_patches(apply(make()).images).eq(12).all().item<bool>());
}

TEST_F(MakeMra, ChangesOnlyThePictures) {
  const Batch before = batch(), after = apply(make());
  EXPECT_TRUE(after.targets.equal(before.targets));
  EXPECT_TRUE(after.indices.equal(before.indices));
  EXPECT_EQ(after.images.sizes(), before.images.sizes());
  EXPECT_FALSE(after.images.requires_grad());
}

TEST_F(MakeMra, HidingByAttentionNeedsNoRandomNumbers) {
  const auto transform = make();
  EXPECT_TRUE(apply(transform, 1).images.equal(apply(transform, 2).images));
}

TEST_F(MakeMra, RandomHidingFollowsTheStreamInSampleOrder) {
  const auto transform = make({{"hide", "random"}, {"reconstruct", false}});
  const auto four = apply(transform, 1).images;
  EXPECT_TRUE(four.equal(apply(transform, 1).images));
  EXPECT_FALSE(four.equal(apply(transform, 2).images));
  EXPECT_TRUE(apply(transform, 1, 2).images.equal(four.narrow(0, 0, 2)));
}

TEST_F(MakeMra, ChangesEachPictureWithItsProbability) {
  EXPECT_TRUE(apply(make({{"prob", 0}})).images.equal(batch().images));
  const auto always = apply(make(), 1, 8).images;
  const auto half = apply(make({{"prob", 0.5}}), 1, 8).images;
  int64_t changed = 0;
  for (int64_t i = 0; i < 8; ++i) {
    const bool as_before = half[i].equal(batch(8).images[i]);
    EXPECT_TRUE(as_before || half[i].equal(always[i])) << "picture " << i << " is half changed";
    changed += !as_before;
  }
  EXPECT_GT(changed, 0);
  EXPECT_LT(changed, 8);
}

TEST_F(MakeMra, OtherBlocksAndReductionsHideOtherPatches) {
  const auto base = apply(make({{"reconstruct", false}})).images;
  for (const Json& options :
       {Json{{"attn_reduce", "head:1"}}, Json{{"attn_block", 0}}, Json{{"hide", "high"}}}) {
    Json whole = options;
    whole["reconstruct"] = false;
    EXPECT_FALSE(apply(make(whole)).images.equal(base)) << options;
  }
  EXPECT_TRUE(apply(make({{"reconstruct", false}, {"attn_block", 1}})).images.equal(base))
      << "block 1 is the last of two";
}

TEST_F(MakeMra, WorksInHalfPrecision) {
  const auto full = apply(make()).images;
  context_.precision = "bf16";
  const auto half = apply(make()).images;
  EXPECT_EQ(half.scalar_type(), torch::kFloat32);
  EXPECT_FALSE(half.equal(full));
  EXPECT_TRUE(changed_patches(half).eq(kPatches - 9).all().item<bool>());
  EXPECT_LT((half - full).abs().median().item<float>(), 0.05);
}

TEST_F(MakeMra, RefusesOptionsThatMakeNoSenseNamingThem) {
  const std::vector<std::pair<std::string, Json>> bad = {{"hide", "lo"},
                                                         {"hidden_frac", 1},
                                                         {"hidden_frac", 0.99},
                                                         {"hidden_frac", -0.1},
                                                         {"attn_reduce", "head:2"},
                                                         {"attn_reduce", "head:-1"},
                                                         {"attn_reduce", "head:"},
                                                         {"attn_reduce", "sum"},
                                                         {"attn_block", 2},
                                                         {"attn_block", -3},
                                                         {"reconstruct", "yes"},
                                                         {"mask_fill", "mean"},
                                                         {"compose", "blend"},
                                                         {"denorm", "visible"},
                                                         {"prob", 1.5},
                                                         {"clip", 1},
                                                         {"hiden_frac", 0.4}};
  for (const auto& [key, value] : bad) {
    const Error error = refusal({{key, value}});
    EXPECT_EQ(error.kind, ErrorKind::kUsage) << key;
    EXPECT_NE(error.where.find("t.json: /mra"), std::string::npos) << error.where;
    EXPECT_NE((error.where + error.what_happened).find(key), std::string::npos) << error.what();
  }
}

TEST_F(MakeMra, NeedsWeights) {
  EXPECT_THROW(
      catalog_.batch_transforms.make("mra", SpecReader(Json::object(), "t.json"), context_), Error);
  const Error error = refusal({{"weights", (folder_ / "absent.safetensors").string()}});
  EXPECT_NE(std::string(error.what()).find("absent.safetensors"), std::string::npos);
}

TEST_F(MakeMra, RefusesAnAugmentorOfAnotherPictureSize) {
  context_.input.size_px = 32;
  const Error error = refusal();
  EXPECT_EQ(error.kind, ErrorKind::kUsage);
  EXPECT_NE(error.what_happened.find("16 px"), std::string::npos);
  EXPECT_NE(error.what_happened.find("32 px"), std::string::npos);
}

TEST_F(MakeMra, RefusesWeightsOfOtherSizesThanTheFileSays) {
  Json other = kSizes;
  other["patch_px"] = 8;
  write(kSizes, {{"model", other.dump()}, {"hidden_frac", "0.4"}});
  const std::string message = refusal().what();
  EXPECT_NE(message.find("pos_embed"), std::string::npos) << message;
}

TEST_F(MakeMra, RefusesNormalisedPatchesUnlessToldHowToUndoThem) {
  Json normalised = kSizes;
  normalised["norm_pix"] = true;
  write(normalised, {{"model", normalised.dump()}, {"hidden_frac", "0.4"}});
  EXPECT_NE(refusal().where.find("denorm"), std::string::npos);
  EXPECT_NO_THROW(make({{"denorm", "gt"}}));
  EXPECT_NO_THROW(make({{"reconstruct", false}}));
}

TEST_F(MakeMra, RefusesAFileThatDoesNotSayHowItWasPretrained) {
  const std::vector<std::map<std::string, std::string>> bad = {
      {{"model", kSizes.dump()}},
      {{"model", "{"}, {"hidden_frac", "0.4"}},
      {{"model", "[]"}, {"hidden_frac", "0.4"}},
      {{"model", kSizes.dump()}, {"hidden_frac", "\"much\""}},
      {{"model", kSizes.dump()}, {"hidden_frac", "4"}}};
  for (const auto& metadata : bad) {
    write(kSizes, metadata);
    EXPECT_NE(std::string(refusal().what()).find("mae.safetensors"), std::string::npos);
  }
}

TEST(Catalog, HoldsEveryMethodThatASpecCanName) {
  Catalog catalog;
  register_methods(catalog);
  auto images = image_transform_names(), batches = batch_transform_names();
  std::sort(images.begin(), images.end());
  std::sort(batches.begin(), batches.end());
  EXPECT_EQ(catalog.image_transforms.names(), images);
  EXPECT_EQ(catalog.batch_transforms.names(), batches);
  EXPECT_TRUE(std::count(batches.begin(), batches.end(), "mra"));
}

namespace {

/// Pictures of one normalisation in another one.
torch::Tensor renormalised(const torch::Tensor& images, const InputOptions& from,
                           const InputOptions& to) {
  const auto channels = [](const std::array<float, 3>& values) {
    return torch::tensor({values[0], values[1], values[2]}).view({1, 3, 1, 1});
  };
  const auto pixels = images * channels(from.std) + channels(from.mean);
  return (pixels.clamp(0, 1) - channels(to.mean)) / channels(to.std);
}

}  // namespace

TEST_F(MakeMra, SeesPicturesAsItsPretrainingDidWhateverTheRunsNormalisation) {
  const InputOptions pretraining;
  InputOptions run = pretraining;
  run.mean = {0.3f, 0.4f, 0.5f};
  run.std = {0.2f, 0.3f, 0.4f};
  context_.input.mean = run.mean;
  context_.input.std = run.std;
  Batch ours = batch();
  const auto pixels = torch::rand_like(ours.images);
  InputOptions bytes;
  bytes.mean = {0, 0, 0};
  bytes.std = {1, 1, 1};
  ours.images = renormalised(pixels, bytes, run);
  Rng random = rng();
  const auto output = make()(ours, random).images;
  context_.input = pretraining;
  context_.input.size_px = 16;
  ours.images = renormalised(pixels, bytes, pretraining);
  const auto usual = make()(ours, random).images;
  EXPECT_TRUE(output.allclose(renormalised(usual, pretraining, run), 1e-4, 1e-4));
  EXPECT_FALSE(output.allclose(usual, 1e-2, 1e-2));
}

TEST_F(MakeMra, FitsPicturesOfAnotherSize) {
  context_.input.size_px = 24;
  EXPECT_NE(refusal().cure.find("resize"), std::string::npos);
  Batch large = batch();
  const auto coarse = batch().images.slice(2, 0, 4).slice(3, 0, 4).clamp(-1.5, 1.5);
  large.images = torch::upsample_bilinear2d(coarse, {24, 24}, false);  // smooth at 16 px too
  Rng random = rng();
  const auto resized = make({{"fit", "resize"}, {"hidden_frac", 0}})(large, random).images;
  EXPECT_EQ(resized.sizes(), large.images.sizes());
  // Nothing is hidden: only resizing there and back changes the pictures.
  EXPECT_LT((resized - large.images).abs().mean().item<double>(), 0.15);
  const auto regridded = make({{"fit", "positions"}})(large, random).images;  // 36 patches, 21 kept
  const auto changed = regridded.ne(large.images).any(1).view({-1, 6, 4, 6, 4}).any(4).any(2);
  EXPECT_TRUE(changed.flatten(1).sum(1).eq(15).all().item<bool>());
  context_.input.size_px = 18;
  EXPECT_EQ(refusal({{"fit", "positions"}}).kind, ErrorKind::kUsage);
}

}  // namespace mra
