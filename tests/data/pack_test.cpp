#include "harness/data/pack.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/data/checksums.h"
#include "harness/data/data_state.h"
#include "harness/data/pack_file.h"
#include "harness/data/resize.h"
#include "tests/data/pictures.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

const Json kPlain = {{"name", "plain"}, {"kind", "class_folders"}, {"folder", "plain"}};

class PackTest : public ::testing::Test {
 protected:
  PackTest() {
    for (const auto& [file, width, height] : {std::tuple{"train/a/0.ppm", 100, 60},
                                              {"train/a/1.ppm", 30, 20},
                                              {"train/b/2.ppm", 60, 90},
                                              {"val/a/3.ppm", 64, 64},
                                              {"val/b/4.ppm", 33, 70}})
      write_bytes(folder_ / "plain" / file, ppm_bytes(test_picture(width, height)));
  }

  Json pack(int short_side_px = 32) {
    Json entry = pack_dataset({.dataset = kPlain,
                               .data_dirs = {folder_.path()},
                               .name = "small",
                               .short_side_px = short_side_px,
                               .data_dir = folder_.path()},
                              [](int64_t, int64_t) {});
    entry["name"] = "small";
    checksums_ = entry["checksums"];
    entry.erase("checksums");
    return entry;
  }

  std::unique_ptr<Dataset> opened(const Json& entry, Split split) const {
    return make_dataset(SpecReader(entry, "test"), split, {folder_.path()});
  }

  /// What is wrong with the pack when its bytes are these; empty: nothing.
  std::string complaint(const std::string& bytes) {
    std::ofstream(file_, std::ios::binary) << bytes;
    try {
      const auto pictures = opened(entry_, Split::kTrain);
      Image image;
      for (int64_t i = 0; i < pictures->size(); ++i) pictures->read(i, image);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::kIntegrity) << error.what();
      EXPECT_TRUE(error.where.starts_with(file_.string())) << error.where;
      return error.what_happened;
    }
    return "";
  }

  TempDir folder_;
  fs::path file_ = folder_ / "small/pictures.pack";
  Json entry_, checksums_;
};

int largest_difference(const Image& a, const Image& b) {
  int largest = a.rgb.size() == b.rgb.size() ? 0 : 256;
  for (size_t i = 0; i < std::min(a.rgb.size(), b.rgb.size()); ++i)
    largest = std::max(largest, std::abs(a.rgb[i] - b.rgb[i]));
  return largest;
}

TEST_F(PackTest, HasEveryPictureOfEverySplitWithItsLabel) {
  const Json entry = pack();
  EXPECT_EQ(entry["splits"], (Json{"train", "val"}));
  EXPECT_EQ(entry["train_pictures"], 3);
  EXPECT_EQ(entry["val_pictures"], 2);
  EXPECT_EQ(entry["classes"], 2);
  const auto train = opened(entry, Split::kTrain), val = opened(entry, Split::kVal);
  ASSERT_EQ(train->size(), 3);
  ASSERT_EQ(val->size(), 2);
  EXPECT_EQ(train->classes(), 2);
  EXPECT_EQ((std::vector{train->label(0), train->label(1), train->label(2), val->label(0),
                         val->label(1)}),
            (std::vector<int64_t>{0, 0, 1, 0, 1}));
  EXPECT_EQ(val->describe(1), file_.string() + "[4]");
}

TEST_F(PackTest, ReducesTheShorterSideAndKeepsSmallerPictures) {
  const auto train = opened(pack(), Split::kTrain);
  const std::pair<int, int> sizes[] = {{53, 32}, {30, 20}, {32, 48}};
  for (int64_t i = 0; i < 3; ++i) {
    Image image;
    train->read(i, image);
    EXPECT_EQ((std::pair{image.width_px, image.height_px}), sizes[i]);
  }
}

TEST_F(PackTest, PicturesAreTheReducedOnesButForTheLossOfJpeg) {
  Image smooth, expected, found;
  smooth.resize(60, 100);
  for (int y = 0; y < 60; ++y)
    for (int x = 0; x < 100; ++x)
      for (int c = 0; c < 3; ++c) smooth.row(y)[3 * x + c] = uint8_t(x + y - 10 * c + 20);
  write_bytes(folder_ / "plain/train/a/0.ppm", ppm_bytes(smooth));
  expected.resize(32, 53);
  Resizer().resize(smooth, {0, 0, 60, 100}, 32, 53, ResizeFilter::kBilinear, expected.rgb.data());
  opened(pack(), Split::kTrain)->read(0, found);
  EXPECT_LE(largest_difference(expected, found), 6);
}

TEST_F(PackTest, IsFoundCompleteAndItsChecksumIsRight) {
  const Json entry = pack();
  const DataState state = look_at(entry, "test", {folder_.path()});
  EXPECT_EQ(state.state, "complete");
  EXPECT_EQ(state.pictures, (std::map<Split, int64_t>{{Split::kTrain, 3}, {Split::kVal, 2}}));
  EXPECT_EQ(compare_checksums(checksums_, {folder_.path()}), 1);
}

TEST_F(PackTest, DamageIsRefusedByName) {
  entry_ = pack();
  const std::string whole = read_file(file_);
  EXPECT_EQ(complaint(whole), "");
  for (const size_t kept : {size_t(3), size_t(24), whole.size() / 2, whole.size() - 1})
    EXPECT_NE(complaint(whole.substr(0, kept)), "") << kept << " bytes";
  write_bytes(file_, whole);
  // Everything but the pictures of val, which are not read here.
  const PackFile pack(file_);
  const auto end_of = [&](int64_t number) {
    size_t end = 0;
    for (int64_t i = 0; i <= number; ++i) end += pack.picture(i).bytes.size();
    return end;
  };
  const size_t pictures = end_of(2), all = end_of(4);
  for (size_t at = 0; at < whole.size(); at += at < pictures ? 97 : 1) {
    if (at >= pictures && at < all) continue;
    std::string changed = whole;
    changed[at] = char(changed[at] ^ 1);
    EXPECT_NE(complaint(changed), "") << "byte " << at << " of " << whole.size();
  }
}

TEST_F(PackTest, IsNotMadeTwice) {
  pack();
  EXPECT_THROW(pack(), Error);
}

TEST_F(PackTest, ADamagedPictureLeavesNoPack) {
  write_bytes(folder_ / "plain/val/b/4.ppm", "P6\n33 70\n255\nshort");
  EXPECT_THROW(pack(), Error);
  EXPECT_FALSE(fs::exists(file_));
  EXPECT_TRUE(fs::is_empty(file_.parent_path()));
}

}  // namespace
}  // namespace mra
