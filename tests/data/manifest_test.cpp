#include "harness/data/manifest.h"

#include <fstream>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

const Json kPhotos = {{"name", "photos"}, {"kind", "class_folders"}};
const Json kShapes = {
    {"name", "shapes"}, {"kind", "shapes"}, {"train_pictures", 20}, {"val_pictures", 10}};

/// photos/{train,val}/{cat,dog}/ with a picture in each; contents do not matter here.
void make_photos(const fs::path& data_dir) {
  for (const char* folder : {"train/cat", "train/dog", "val/cat", "val/dog"}) {
    fs::create_directories(data_dir / "photos" / folder);
    std::ofstream(data_dir / "photos" / folder / "1.jpg") << "12345";
  }
}

std::string hash_in(const fs::path& data_dir) {
  return data_manifest(kPhotos, {data_dir}).sha256;
}

TEST(DataManifest, IsTheSameWhereverTheDataLies) {
  TempDir one, two;
  make_photos(one.path());
  make_photos(two.path());
  EXPECT_EQ(hash_in(one.path()), hash_in(two.path()));
  EXPECT_EQ(hash_in(one.path()).size(), 64u);
  EXPECT_EQ(data_manifest(kPhotos, {two.path(), one.path()}).pictures.at(Split::kTrain), 2);
}

TEST(DataManifest, SeesANameASizeAndAClass) {
  TempDir dir;
  make_photos(dir.path());
  const std::string before = hash_in(dir.path());
  const fs::path cats = dir.path() / "photos/train/cat";
  fs::rename(cats / "1.jpg", cats / "2.jpg");
  EXPECT_NE(hash_in(dir.path()), before);
  fs::rename(cats / "2.jpg", cats / "1.jpg");
  EXPECT_EQ(hash_in(dir.path()), before);
  std::ofstream(cats / "1.jpg", std::ios::app) << "6";
  EXPECT_NE(hash_in(dir.path()), before);
  std::ofstream(cats / "1.jpg") << "12345";
  for (const char* split : {"train", "val"})
    fs::rename(dir.path() / "photos" / split / "dog", dir.path() / "photos" / split / "ant");
  EXPECT_NE(hash_in(dir.path()), before);
}

TEST(DataManifest, SeesContentsOfTheSameSize) {
  TempDir dir;
  make_photos(dir.path());
  const std::string before = hash_in(dir.path());
  const auto stamp = data_stamp(kPhotos, {dir.path()});
  EXPECT_EQ(stamp.bytes, 4 * 5);
  std::ofstream(dir.path() / "photos/val/dog/1.jpg") << "54321";
  EXPECT_NE(hash_in(dir.path()), before);
  EXPECT_NE(data_stamp(kPhotos, {dir.path()}).text, stamp.text);
}

TEST(DataManifest, OfADrawnSetFollowsWhatItIsDrawnFrom) {
  Json other = kShapes;
  other["seed"] = 1;
  EXPECT_EQ(data_manifest(kShapes, {}).sha256, data_manifest(kShapes, {}).sha256);
  EXPECT_NE(data_manifest(kShapes, {}).sha256, data_manifest(other, {}).sha256);
  EXPECT_EQ(data_manifest(kShapes, {}).pictures.at(Split::kVal), 10);
  EXPECT_EQ(data_stamp(kShapes, {}).bytes, 0);
}

TEST(DataManifest, OfAnAbsentSetIsAnErrorOfTheMachine) {
  TempDir dir;
  EXPECT_THROW(hash_in(dir.path()), Error);
}

}  // namespace
}  // namespace mra
