#include "harness/data/dataset.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "tests/data/pictures.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

class ClassFoldersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"train/b/2.jpg", "train/b/10.JPEG", "train/a/x.png", "train/a/y.ppm",
                             "train/c/only.Jpg", "val/a/v.jpg", "val/b/v.jpg", "val/c/v.jpg"})
      write_bytes(photos() / name, ppm_bytes(test_picture(8, 6)));
    write_bytes(photos() / "train/a/.hidden.jpg", "x");
    write_bytes(photos() / "train/a/notes.txt", "x");
    write_bytes(photos() / "classes.txt", "x");
  }

  std::filesystem::path photos() const { return dir_ / "photos"; }

  SpecReader options(const std::string& more = "") const {
    return SpecReader(Json::parse(R"({"kind": "class_folders", "name": "photos")" + more + "}"),
                      "spec.json");
  }
  std::unique_ptr<Dataset> made(const std::string& more = "", Split split = Split::kTrain) const {
    return make_dataset(options(more), split, {dir_ / "nowhere", dir_.path()});
  }
  ErrorKind error_kind(const std::string& more, const std::string& expected_text) const {
    try {
      made(more);
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(expected_text), std::string::npos) << error.what();
      return error.kind;
    }
    ADD_FAILURE() << "no error for " << more;
    return ErrorKind::kFailure;
  }

  TempDir dir_;
};

TEST_F(ClassFoldersTest, SortsFoldersThenFilesAndLabelsByFolder) {
  const auto set = made();
  ASSERT_EQ(set->size(), 5);
  EXPECT_EQ(set->classes(), 3);
  const char* names[] = {"a/x.png", "a/y.ppm", "b/10.JPEG", "b/2.jpg", "c/only.Jpg"};
  const int64_t labels[] = {0, 0, 1, 1, 2};
  for (int64_t i = 0; i < 5; ++i) {
    EXPECT_EQ(set->describe(i), (photos() / "train" / names[i]).string());
    EXPECT_EQ(set->label(i), labels[i]);
  }
}

TEST_F(ClassFoldersTest, ListsPicturesOfAClassAtAnyDepthAsTorchvisionDoes) {
  for (const char* name : {"train/a/z/1.png", "train/a/z-z/2.png", "train/a/z/z/3.png"})
    write_bytes(photos() / name, ppm_bytes(test_picture(8, 6)));
  const auto set = made();
  ASSERT_EQ(set->size(), 8);
  // sorted(os.walk("a")): "a", "a/z", "a/z-z", "a/z/z", since '-' comes before '/'.
  const char* names[] = {"a/x.png", "a/y.ppm", "a/z/1.png", "a/z-z/2.png", "a/z/z/3.png"};
  for (int64_t i = 0; i < 5; ++i) {
    EXPECT_EQ(set->describe(i), (photos() / "train" / names[i]).string());
    EXPECT_EQ(set->label(i), 0);
  }
}

TEST_F(ClassFoldersTest, ALinkIntoItsOwnFolderIsAnErrorThatNamesIt) {
  std::filesystem::create_directory_symlink(photos() / "train/a", photos() / "train/a/back");
  EXPECT_EQ(error_kind("", "train/a/back: is a link to a folder that holds it"),
            ErrorKind::kIntegrity);
}

TEST_F(ClassFoldersTest, ASpecNamesNoFolderOutsideThoseOfTheData) {
  const std::string outside = "leads out of the data folder";
  EXPECT_EQ(error_kind(R"(, "folder": "../photos")", outside), ErrorKind::kUsage);
  EXPECT_EQ(error_kind(R"(, "folder": ")" + photos().string() + "\"", outside), ErrorKind::kUsage);
  EXPECT_EQ(error_kind(R"(, "train": "../photos/train")", outside), ErrorKind::kUsage);
  EXPECT_EQ(error_kind(R"(, "val": "/")", outside), ErrorKind::kUsage);
}

TEST_F(ClassFoldersTest, ReadsByContentNotByName) {
  Image image;
  made()->read(3, image);
  EXPECT_EQ(image.rgb, test_picture(8, 6).rgb);
}

TEST_F(ClassFoldersTest, TakesEveryOtherOfTrainingOnly) {
  const auto train = made(R"(, "take_every": 2)"), val = made(R"(, "take_every": 2)", Split::kVal);
  ASSERT_EQ(train->size(), 3);
  EXPECT_EQ(train->describe(1), (photos() / "train/b/10.JPEG").string());
  EXPECT_EQ(train->label(2), 2);
  EXPECT_EQ(train->classes(), 3);
  EXPECT_EQ(val->size(), 3);
}

TEST_F(ClassFoldersTest, CountsAreCompared) {
  EXPECT_EQ(made(R"(, "classes": 3, "train_pictures": 5, "val_pictures": 3)")->size(), 5);
  EXPECT_EQ(error_kind(R"(, "classes": 4)", "3 classes, expected 4"), ErrorKind::kIntegrity);
  EXPECT_EQ(error_kind(R"(, "train_pictures": 6)", "5 pictures, expected 6"),
            ErrorKind::kIntegrity);
}

TEST_F(ClassFoldersTest, EmptyClassFolderIsNamed) {
  std::filesystem::create_directories(photos() / "train/empty");
  EXPECT_EQ(error_kind("", "train/empty"), ErrorKind::kIntegrity);
}

TEST_F(ClassFoldersTest, ASplitItDoesNotHaveIsRefused) {
  try {
    made("", Split::kNovel);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kUsage);
    EXPECT_EQ(error.what_happened, "this data set has no split 'novel'");
    EXPECT_NE(error.cure.find("train, val"), std::string::npos) << error.cure;
  }
}

TEST_F(ClassFoldersTest, IsLocatedWithoutItsPictures) {
  EXPECT_EQ(locate_dataset(options(), {dir_ / "nowhere", dir_.path()}), photos());
  EXPECT_THROW(locate_dataset(options(), {}), Error);
}

TEST_F(ClassFoldersTest, AbsentSetShowsWhereItBelongs) {
  write_bytes(dir_ / "birds.tar.gz", "x");
  EXPECT_EQ(error_kind(R"(, "folder": "birds")", "DIR/birds/train/<class>/<picture>"),
            ErrorKind::kEnvironment);
  EXPECT_EQ(error_kind(R"(, "folder": "birds")", "--data-dir"), ErrorKind::kEnvironment);
  EXPECT_EQ(error_kind(R"(, "folder": "birds")", "tar -xzf"), ErrorKind::kEnvironment);
  EXPECT_EQ(error_kind(R"(, "train": "training")", "photos/training"), ErrorKind::kEnvironment);
}

}  // namespace
}  // namespace mra
