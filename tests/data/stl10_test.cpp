#include <fstream>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/data/dataset.h"
#include "tests/data/pictures.h"
#include "tests/support/shared_folder.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

constexpr int kSide_px = 96, kPlane = kSide_px * kSide_px;

/// A picture whose values tell channel, column and row.
uint8_t value(int picture, int channel, int x, int y) {
  return uint8_t(picture * 50 + channel * 7 + 3 * x + y);
}

std::string pictures(int first, int count) {
  std::string bytes;
  for (int i = first; i < first + count; ++i)
    for (int c = 0; c < 3; ++c)
      for (int x = 0; x < kSide_px; ++x)
        for (int y = 0; y < kSide_px; ++y) bytes.push_back(char(value(i, c, x, y)));
  return bytes;
}

class Stl10Test : public testing::Test {
 protected:
  void SetUp() override {
    write("train_X.bin", pictures(0, 3));
    write("train_y.bin", std::string("\x01\x0a\x05", 3));
    write("test_X.bin", pictures(3, 1));
    write("test_y.bin", "\x02");
    write("unlabeled_X.bin", pictures(4, 2));
    write("fold_indices.txt", "2 0\n1\n");
  }
  void write(const std::string& name, const std::string& bytes) const {
    write_bytes(dir_ / "stl10_binary/" / name, bytes);
  }
  std::unique_ptr<Dataset> made(Split split, const Json& more = Json::object()) const {
    Json options = {{"kind", "stl10"}, {"name", "stl10"}, {"folder", "stl10_binary"}};
    options.update(more);
    return make_dataset(SpecReader(options, "spec.json", "/dataset"), split, {dir_.path()});
  }
  std::string damage(Split split, const Json& more = Json::object()) const {
    try {
      made(split, more);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::kIntegrity) << error.what();
      return error.what();
    }
    return "accepted";
  }

  TempDir dir_;
};

TEST_F(Stl10Test, ReadsPlanesColumnByColumn) {
  const auto set = made(Split::kTrain);
  ASSERT_EQ(set->size(), 3);
  EXPECT_EQ(set->classes(), 10);
  EXPECT_EQ(set->label(0), 0);
  EXPECT_EQ(set->label(1), 9);
  Image image;
  set->read(1, image);
  ASSERT_EQ(image.width_px, kSide_px);
  for (int y : {0, 5, 95})
    for (int x : {0, 17, 95})
      for (int c = 0; c < 3; ++c) EXPECT_EQ(image.row(y)[3 * x + c], value(1, c, x, y));
}

TEST_F(Stl10Test, LabelledPicturesFollowTheUnlabelledOnes) {
  const auto set = made(Split::kUnlabelled);
  ASSERT_EQ(set->size(), 5);
  EXPECT_EQ(set->label(1), kNoLabel);
  EXPECT_EQ(set->label(2), 0);
  Image image;
  set->read(1, image);
  EXPECT_EQ(image.rgb[0], value(5, 0, 0, 0));
  set->read(4, image);
  EXPECT_EQ(image.rgb[0], value(2, 0, 0, 0));
  EXPECT_TRUE(set->describe(4).ends_with("train_X.bin[2]"));
}

TEST_F(Stl10Test, IsJudgedOnTheTestPictures) {
  EXPECT_EQ(made(Split::kVal)->label(0), 1);
  EXPECT_EQ(made(Split::kTest)->size(), 1);
}

TEST_F(Stl10Test, LearnsFromOneFold) {
  const auto fold = made(Split::kTrain, {{"fold", 0}});
  ASSERT_EQ(fold->size(), 2);
  EXPECT_EQ(fold->label(0), 4);
  EXPECT_EQ(fold->label(1), 0);
  EXPECT_EQ(made(Split::kUnlabelled, {{"fold", 0}})->size(), 5);
  EXPECT_NE(damage(Split::kTrain, {{"fold", 2}}).find("no line 3"), std::string::npos);
  write("fold_indices.txt", "0 3\n1 x\n");
  EXPECT_NE(damage(Split::kTrain, {{"fold", 0}}).find("asks for picture 3, but there are 3"),
            std::string::npos);
  EXPECT_NE(damage(Split::kTrain, {{"fold", 1}}).find("is not a list of whole numbers"),
            std::string::npos);
}

TEST_F(Stl10Test, NamesWhatIsWrongWithItsFiles) {
  EXPECT_NE(
      damage(Split::kTrain, {{"train_pictures", 5000}}).find("holds 3 pictures, expected 5000"),
      std::string::npos);
  write("train_X.bin", pictures(0, 3).substr(1));
  EXPECT_NE(damage(Split::kTrain).find("82943 bytes are 27647 more"), std::string::npos);
  write("train_X.bin", pictures(0, 2));
  EXPECT_NE(damage(Split::kTrain).find("3 labels for 2 pictures"), std::string::npos);
  write("train_X.bin", "");
  EXPECT_NE(damage(Split::kTrain).find("train_X.bin"), std::string::npos);
  for (const char label : {'\x00', '\x0b'}) {
    write("test_y.bin", std::string(1, label));
    EXPECT_NE(damage(Split::kVal).find("labels go from 1 to 10"), std::string::npos);
  }
  std::filesystem::remove(dir_ / "stl10_binary/unlabeled_X.bin");
  try {
    made(Split::kUnlabelled);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kEnvironment);
    EXPECT_NE(std::string(error.what()).find("unlabeled_X.bin"), std::string::npos);
  }
}

/// "split,index,…,sha256 of the row-major bytes" of the real pictures.
TEST(Stl10Shared, DecodesRealPicturesAsTheirPngs) {
  const auto folder = shared_folder() / "data" / "formats" / "stl10";
  std::ifstream manifest(folder / "MANIFEST.csv");
  if (!manifest) GTEST_SKIP() << folder << " is not here";
  const auto made = [&](Split split) {
    const Json options = {{"kind", "stl10"}, {"name", "stl10"}, {"folder", "stl10_binary"}};
    return make_dataset(SpecReader(options, "spec.json"), split, {folder});
  };
  const std::map<std::string, std::shared_ptr<Dataset>> sets = {
      {"train", made(Split::kTrain)},
      {"test", made(Split::kTest)},
      {"unlabeled", made(Split::kUnlabelled)}};
  int compared = 0;
  std::string line;
  std::getline(manifest, line);
  for (Image image; std::getline(manifest, line); ++compared) {
    std::istringstream fields(line);
    std::string split, index;
    std::getline(fields, split, ',');
    std::getline(fields, index, ',');
    sets.at(split)->read(std::stoll(index), image);
    EXPECT_EQ(sha256(std::string(image.rgb.begin(), image.rgb.end())),
              line.substr(line.rfind(',') + 1))
        << line;
  }
  EXPECT_EQ(compared, 60);
}

}  // namespace
}  // namespace mra
