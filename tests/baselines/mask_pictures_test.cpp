#include "baselines/mask_pictures.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace mra {
namespace {

using Rgb = std::vector<uint8_t>;

constexpr int kSide_px = 16, kPatches = 16;

/// Two untrained networks, two pictures, and the grid they make.
class MaskPictures : public testing::Test {
 protected:
  void SetUp() override {
    torch::manual_seed(5);
    augmentor_ = MaskedAutoencoder(MaeOptions{.image_px = kSide_px,
                                              .patch_px = 4,
                                              .dim = 16,
                                              .depth = 2,
                                              .heads = 2,
                                              .decoder_dim = 8,
                                              .decoder_depth = 1,
                                              .decoder_heads = 2});
    classifier_ = make_classifier(
        SpecReader({{"name", "resnet18"}, {"width", 4}, {"blocks", {1}}, {"stem", "conv3_s1"}},
                   "test"),
        3);
    images_ = 0.3 * torch::randn({2, 3, kSide_px, kSide_px});
    options_.hidden_frac = 0.5;
  }

  PictureGrid grid(uint64_t seed, const torch::Tensor& images, std::vector<int64_t> labels = {}) {
    labels.resize(size_t(images.size(0)), -1);
    return mask_pictures(augmentor_, options_, *classifier_, images, labels,
                         std::vector<std::string>(labels.size(), "one.jpg"), seed);
  }

  MaskedAutoencoder augmentor_{nullptr};
  Classifier classifier_;
  torch::Tensor images_;
  MraOptions options_;
};

/// Patches of one picture that are grey all over.
std::vector<bool> grey_patches(const Rgb& rgb) {
  std::vector<bool> grey(kPatches, true);
  for (size_t i = 0; i < rgb.size(); ++i) {
    const size_t x = i / 3 % kSide_px, y = i / 3 / kSide_px;
    if (rgb[i] != 124) grey[y / 4 * 4 + x / 4] = false;
  }
  return grey;
}

TEST_F(MaskPictures, EachPictureHasThreeRowsOfItselfAndThreeStrategies) {
  const PictureGrid got = grid(1, images_);
  EXPECT_EQ(got.titles,
            (std::vector<std::string>{"unmasked", "Mask Low", "Mask High", "Mask Random"}));
  ASSERT_EQ(got.rows.size(), 6u);
  EXPECT_EQ(got.row_titles.size(), 6u);
  EXPECT_EQ(got.row_titles[5], "Grad-CAM");
  for (const auto& row : got.rows) {
    ASSERT_EQ(row.size(), 4u);
    for (const GridCell& cell : row) EXPECT_EQ(cell.picture.width_px, kSide_px);
  }
  EXPECT_EQ(got.rows[3][0].caption, "one.jpg");
  EXPECT_NE(got.rows[2][1].caption.find("class "), std::string::npos);
}

TEST_F(MaskPictures, LowAndHighHideOppositePatchesAndOnlyHiddenOnesAreRepainted) {
  const PictureGrid got = grid(1, images_.narrow(0, 0, 1));
  const Rgb& original = got.rows[0][0].picture.rgb;
  const auto low = grey_patches(got.rows[0][1].picture.rgb);
  const auto high = grey_patches(got.rows[0][2].picture.rgb);
  for (size_t patch = 0; patch < kPatches; ++patch) EXPECT_NE(low[patch], high[patch]) << patch;
  for (size_t column = 1; column <= 3; ++column) {
    const Rgb& painted = got.rows[1][column].picture.rgb;
    const auto hidden = grey_patches(got.rows[0][column].picture.rgb);
    EXPECT_EQ(std::count(hidden.begin(), hidden.end(), true), kPatches / 2);
    size_t changed = 0;
    for (size_t i = 0; i < painted.size(); ++i) {
      const size_t x = i / 3 % kSide_px, y = i / 3 / kSide_px;
      if (hidden[y / 4 * 4 + x / 4])
        changed += painted[i] != original[i];
      else
        EXPECT_EQ(painted[i], original[i]);
    }
    EXPECT_GT(changed, painted.size() / 4);
  }
}

TEST_F(MaskPictures, EqualInputsGiveEqualPicturesAndTheSeedChoosesTheRandomOnes) {
  const PictureGrid one = grid(1, images_), again = grid(1, images_), other = grid(2, images_);
  for (size_t row = 0; row < one.rows.size(); ++row)
    for (size_t column = 0; column < 4; ++column) {
      const Rgb& rgb = one.rows[row][column].picture.rgb;
      EXPECT_EQ(rgb, again.rows[row][column].picture.rgb);
      EXPECT_EQ(rgb == other.rows[row][column].picture.rgb, column != 3) << row << column;
    }
}

TEST_F(MaskPictures, APictureDoesNotDependOnThoseBesideIt) {
  const PictureGrid both = grid(1, images_), first = grid(1, images_.narrow(0, 0, 1));
  for (size_t row = 0; row < 3; ++row)
    for (size_t column = 0; column < 4; ++column)
      EXPECT_EQ(both.rows[row][column].picture.rgb, first.rows[row][column].picture.rgb);
}

TEST_F(MaskPictures, AKnownLabelIsWhatGradCamLooksForAndTheGuessIsNamedWhereItDiffers) {
  const auto image = images_.narrow(0, 0, 1);
  classifier_->eval();
  const int64_t predicted = classifier_->forward(image).argmax(1).item<int64_t>();
  const int64_t other = (predicted + 1) % 3;
  const auto caption = [&](int64_t label) { return grid(1, image, {label}).rows[2][0].caption; };
  EXPECT_EQ(caption(predicted), caption(-1));
  EXPECT_TRUE(caption(other).starts_with("class " + std::to_string(other) + ":"));
  EXPECT_TRUE(caption(other).ends_with("seen as class " + std::to_string(predicted)));
}

TEST_F(MaskPictures, APictureWithoutANameIsRefused) {
  EXPECT_THROW(mask_pictures(augmentor_, options_, *classifier_, images_, {-1, -1}, {"one"}, 1),
               Error);
}

}  // namespace
}  // namespace mra
