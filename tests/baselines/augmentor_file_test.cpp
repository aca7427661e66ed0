#include "baselines/augment/augmentor_file.h"
#include "tests/baselines/make_mra_fixture.h"

namespace mra {

/// Weights of other programs, which say nothing of themselves.
class AugmentorFile : public MakeMra {
 protected:
  static Json told(Json given = {{"heads", 2}, {"decoder_heads", 2}, {"norm_pix", false}}) {
    return {{"augmentor", std::move(given)}};
  }
  /// Keeps of the file what an encoder has.
  void drop_decoder() {
    StateDict weights = read_weights(folder_ / "mae.safetensors");
    std::erase_if(weights, [](const auto& entry) {
      return entry.first.starts_with("decoder") || entry.first == "mask_token";
    });
    write_weights(folder_ / "mae.safetensors", weights);
  }
};

TEST_F(AugmentorFile, SizesFollowFromTheShapesOfTheWeights) {
  const auto ours = apply(make({{"hidden_frac", 0.75}})).images;
  write(kSizes, {});
  EXPECT_TRUE(apply(make(told())).images.equal(ours)) << "and 75 % are hidden, as the authors do";
  EXPECT_TRUE(
      changed_patches(
          apply(
              make(told(
                  {{"heads", 2}, {"decoder_heads", 2}, {"norm_pix", false}, {"hidden_frac", 0.5}})))
              .images)
          .eq(8)
          .all()
          .item<bool>());
}

TEST_F(AugmentorFile, WhatNoShapeShowsIsAskedFor) {
  write(kSizes, {});
  EXPECT_EQ(refusal().where, "t.json: /mra/augmentor/heads");
  EXPECT_EQ(refusal(told({{"heads", 2}})).where, "t.json: /mra/augmentor/decoder_heads");
  EXPECT_EQ(refusal(told({{"heads", 2}, {"decoder_heads", 2}})).where,
            "t.json: /mra/augmentor/norm_pix");
}

TEST_F(AugmentorFile, NormalisedPatchesAreRefusedUnlessToldHowToUndoIt) {
  write(kSizes, {});
  const Json given = told({{"heads", 2}, {"decoder_heads", 2}, {"norm_pix", true}});
  EXPECT_EQ(refusal(given).where, "t.json: /mra/denorm");
  Json undone = given;
  undone["denorm"] = "gt";
  EXPECT_FALSE(apply(make(undone)).images.equal(apply(make(told())).images));
}

TEST_F(AugmentorFile, AnEncoderScoresPatchesAndPaintsNone) {
  const auto masked = apply(make({{"reconstruct", false}, {"hidden_frac", 0.75}})).images;
  drop_decoder();
  const Json given = told({{"heads", 2}});
  EXPECT_NE(refusal(given).what_happened.find("an encoder only"), std::string::npos);
  Json masks = given;
  masks["reconstruct"] = false;
  EXPECT_TRUE(apply(make(masks)).images.equal(masked));
}

TEST_F(AugmentorFile, WeightsOfAnotherNetworkAreRefused) {
  write_weights(folder_ / "mae.safetensors", {{"fc.weight", torch::zeros({2, 2})}});
  EXPECT_NE(refusal().what_happened.find("patch_embed.proj.weight"), std::string::npos);
}

TEST_F(AugmentorFile, MetadataOfOthersIsNotTakenForOurs) {
  write(kSizes, {});
  const auto expected = apply(make(told())).images;
  for (const char* model : {"mae_vit_base", "42", "{}", R"({"name": "vit", "dim": 3})"}) {
    write(kSizes, {{"model", model}, {"format", "pt"}});
    EXPECT_TRUE(apply(make(told())).images.equal(expected)) << model;
    EXPECT_EQ(augmentor_size_px(folder_ / "mae.safetensors"), 16) << model;
  }
}

}  // namespace mra
