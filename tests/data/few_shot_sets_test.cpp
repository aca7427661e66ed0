// Data sets whose classes are parted in base, validation and novel ones.
#include <gtest/gtest.h>

#include "tests/data/data_of.h"
#include "tests/data/pictures.h"
#include "tests/support/shared_folder.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

constexpr ErrorKind kDamaged = ErrorKind::kIntegrity;

// --- base_novel

const char* const kShapes = R"({"kind": "base_novel", "base": 5, "val": 2, "novel": 3,
                                "of": {"kind": "shapes", "name": "shapes", "train_pictures": 300}})";

TEST(BaseNovel, PartsTheClassesOfAnotherDataSet) {
  const auto whole = data_of(R"({"kind": "shapes", "train_pictures": 300})", Split::kTrain, "");
  int64_t pictures = 0, first = 0;
  for (const Split split : {Split::kBase, Split::kVal, Split::kNovel}) {
    const auto part = data_of(kShapes, split, "");
    Image expected, found;
    int64_t at = 0;  // in the whole
    for (int64_t i = 0; i < part->size(); ++i, ++at) {
      while (whole->describe(at) != part->describe(i)) ++at;
      EXPECT_EQ(part->label(i), whole->label(at) - first);
      EXPECT_LT(part->label(i), part->classes());
    }
    whole->read(at - 1, expected);
    part->read(part->size() - 1, found);
    EXPECT_EQ(found.rgb, expected.rgb);
    pictures += part->size();
    first += part->classes();
  }
  EXPECT_EQ(first, 10);
  EXPECT_EQ(pictures, 300);
}

TEST(BaseNovel, NeedsAsManyClassesAsItPartsOff) {
  expect_refused(R"({"kind": "base_novel", "base": 8, "val": 2, "novel": 3,
                     "of": {"kind": "shapes", "name": "shapes"}})",
                 Split::kNovel, "", ErrorKind::kUsage, "needs 13 classes, and the data set");
  expect_refused(R"({"kind": "base_novel", "base": 5, "novel": 3,
                     "of": {"kind": "shapes", "name": "shapes"}})",
                 Split::kVal, "", ErrorKind::kUsage, "has no split 'val'");
  expect_refused(kShapes, Split::kTrain, "", ErrorKind::kUsage, "has no split 'train'");
}

// --- miniImageNet

const std::string kA = "n01532829", kB = "n01558993", kC = "n01704323", kD = "n01749939";

class Miniimagenet : public ::testing::Test {
 protected:
  void SetUp() override {
    list("train.csv", {name(kA, 3), name(kA, 1), name(kB, 2), name(kB, 1)});
    list("val.csv", {name(kC, 1), name(kC, 2)});
    list("test.csv", {name(kD, 2), name(kD, 1)});
  }
  static std::string name(const std::string& wnid, int number) {
    std::string digits = std::to_string(number);
    return wnid + std::string(8 - digits.size(), '0') + digits + ".jpg";
  }
  void list(const std::string& file, const std::vector<std::string>& names) {
    std::string text = "filename,label\n";
    for (const std::string& each : names) text += each + "," + each.substr(0, 9) + "\n";
    write_bytes(dir_ / "set" / file, text);
  }
  void picture(const std::string& path) {
    write_bytes(dir_ / "set" / path, ppm_bytes(test_picture(8, 6)));
  }
  void named_pictures() {
    for (const std::string& wnid : {kA, kB, kC, kD})
      for (int number = 1; number <= 3; ++number) picture("images/" + name(wnid, number));
  }
  /// Class folders as of ILSVRC, whose files are numbered 10, 9, 100.
  void ilsvrc_pictures() {
    for (const std::string& wnid : {kA, kB, kC, kD})
      for (const char* number : {"10", "9", "100"})
        picture("train/" + wnid + "/" + wnid + "_" + number + ".JPEG");
  }
  std::vector<std::string> listed(const std::string& entry, Split split) const {
    std::vector<std::string> lines;
    const auto set = data_of(entry, split, dir_.path());
    const std::string prefix = (dir_ / "set").string() + "/";
    for (int64_t i = 0; i < set->size(); ++i)
      lines.push_back(set->describe(i).substr(prefix.size()) + " " + std::to_string(set->label(i)));
    return lines;
  }
  void refuse(const std::string& entry, Split split, const std::string& part,
              ErrorKind kind = kDamaged) const {
    expect_refused(entry, split, dir_.path(), kind, part);
  }
  using Lines = std::vector<std::string>;

  const std::string entry_ =
      R"({"kind": "miniimagenet", "base": 2, "val": 1, "novel": 1, "of_class": 2})";
  const std::string ilsvrc_ =
      R"({"kind": "miniimagenet", "layout": "ilsvrc", "base": 2, "val": 1, "novel": 1, "of_class": 2})";
  const std::string json_ =
      R"({"kind": "miniimagenet", "layout": "json", "base": 2, "val": 1, "novel": 1, "of_class": 1})";
  TempDir dir_;
};

TEST_F(Miniimagenet, ReadsFilesNamedAsInTheLists) {
  named_pictures();
  EXPECT_EQ(listed(entry_, Split::kBase),
            (Lines{"images/" + name(kA, 3) + " 0", "images/" + name(kA, 1) + " 0",
                   "images/" + name(kB, 2) + " 1", "images/" + name(kB, 1) + " 1"}));
  EXPECT_EQ(listed(entry_, Split::kVal),
            (Lines{"images/" + name(kC, 1) + " 0", "images/" + name(kC, 2) + " 0"}));
  EXPECT_EQ(listed(entry_, Split::kNovel),
            (Lines{"images/" + name(kD, 2) + " 0", "images/" + name(kD, 1) + " 0"}));
}

TEST_F(Miniimagenet, CountsTheFilesOfAnIlsvrcClassByTheirNumbers) {
  ilsvrc_pictures();
  const std::string a = "train/" + kA + "/" + kA, b = "train/" + kB + "/" + kB;
  EXPECT_EQ(listed(ilsvrc_, Split::kBase),
            (Lines{a + "_100.JPEG 0", a + "_9.JPEG 0", b + "_10.JPEG 1", b + "_9.JPEG 1"}));
}

TEST_F(Miniimagenet, AddsTheValidationClassesToTheBaseWhenNoneAreWanted) {
  named_pictures();
  const std::string all =
      R"({"kind": "miniimagenet", "base": 3, "val": 0, "novel": 1, "of_class": 2})";
  const Lines lines = listed(all, Split::kBase);
  ASSERT_EQ(lines.size(), 6u);
  EXPECT_EQ(lines[4], "images/" + name(kC, 1) + " 2");
  refuse(all, Split::kVal, "has no split 'val'", ErrorKind::kUsage);
}

TEST_F(Miniimagenet, ReadsJsonLists) {
  named_pictures();
  const auto write = [&](const std::string& file, const std::string& names,
                         const std::string& labels) {
    write_bytes(dir_ / "set" / file, R"({"label_names": [], "image_names": [)" + names +
                                         R"(], "image_labels": [)" + labels + "]}");
  };
  const std::string absolute = (dir_ / "set/images" / name(kB, 1)).string();
  write("base.json", "\"images/" + name(kA, 2) + "\", \"" + absolute + "\"", "0, 1");
  write("val.json", "\"images/" + name(kC, 2) + "\"", "64");
  write("novel.json", "\"images/" + name(kD, 2) + "\"", "80");
  EXPECT_EQ(listed(json_, Split::kBase),
            (Lines{"images/" + name(kA, 2) + " 0", "images/" + name(kB, 1) + " 1"}));
  EXPECT_EQ(listed(json_, Split::kNovel), (Lines{"images/" + name(kD, 2) + " 0"}));
  write("novel.json", "\"images/" + name(kD, 2) + "\"", "1");
  refuse(json_, Split::kBase, "class 1 is in");
  write("novel.json", "\"/etc/passwd\"", "80");
  refuse(json_, Split::kNovel, "'/etc/passwd' leads out of");
  write("novel.json", "\"images/none.jpg\"", "80");
  refuse(json_, Split::kNovel, "images/none.jpg does not exist");
  write("novel.json", "\"images/" + name(kD, 2) + "\"", "80, 81");
  refuse(json_, Split::kNovel, "holds 1 names and 2 labels");
}

TEST_F(Miniimagenet, ReadsAPngAmongJpegs) {
  named_pictures();
  std::filesystem::remove(dir_ / "set/images" / name(kD, 1));
  const std::string png = name(kD, 1).substr(0, 17) + ".png";
  write_bytes(dir_ / "set/images" / png, png_bytes({.rows = std::string("\x01\x02\x03", 3)}));
  EXPECT_EQ(listed(entry_, Split::kNovel).back(), "images/" + png + " 0");
  Image image;
  data_of(entry_, Split::kNovel, dir_.path())->read(1, image);
  EXPECT_EQ(image.rgb, (std::vector<uint8_t>{1, 2, 3}));
}

TEST_F(Miniimagenet, RefusesAnIncompleteCopyOfIlsvrc) {
  ilsvrc_pictures();
  std::filesystem::remove(dir_ / "set/train" / kA / (kA + "_9.JPEG"));
  refuse(ilsvrc_, Split::kBase, "train.csv:2: asks for picture 3 of class " + kA);
  refuse(ilsvrc_, Split::kBase, "/train/" + kA + " holds only 2");
  std::filesystem::remove_all(dir_ / "set/train" / kD);
  refuse(ilsvrc_, Split::kNovel, "/train/" + kD + " does not exist");
}

TEST_F(Miniimagenet, RefusesListsThatOverlap) {
  named_pictures();
  list("test.csv", {name(kD, 2), name(kA, 2)});
  refuse(entry_, Split::kBase, "test.csv:3: class " + kA + " is in");
  refuse(entry_, Split::kNovel, "test.csv:3: class " + kA + " is in");
}

TEST_F(Miniimagenet, RefusesListsThatAreWrong) {
  named_pictures();
  list("test.csv", {name(kD, 1), name(kD, 1)});
  refuse(entry_, Split::kNovel, "test.csv:3: " + name(kD, 1) + " is in");
  list("test.csv", {name(kD, 1), name(kD, 7)});
  refuse(entry_, Split::kNovel, name(kD, 7) + " does not exist");
  list("test.csv", {name(kD, 1), name(kD, 2), name(kD, 3)});
  refuse(entry_, Split::kNovel, "holds 3 pictures of class 0, expected 2");
  list("test.csv", {name(kD, 1), name("n09999999", 2)});
  picture("images/" + name("n09999999", 2));
  refuse(entry_, Split::kNovel, "holds 2 classes, expected 1");
  write_bytes(dir_ / "set/test.csv", "filename,label\n" + name(kD, 1) + "," + kA + "\n");
  refuse(entry_, Split::kNovel, "is not a picture of class '" + kA + "'");
  write_bytes(dir_ / "set/test.csv", "filename,label\n../up.jpg,n01\n");
  refuse(entry_, Split::kNovel, "'../up.jpg' is not a plain file name");
  std::filesystem::remove(dir_ / "set/test.csv");
  refuse(entry_, Split::kBase, "test.csv is missing", ErrorKind::kEnvironment);
}

TEST_F(Miniimagenet, HasThePublishedListsInOrder) {
  const auto formats = shared_folder() / "data/formats/miniimagenet";
  if (!std::filesystem::exists(formats)) GTEST_SKIP() << formats << " is not there";
  for (const char* file : {"train.csv", "val.csv", "test.csv"})
    std::filesystem::copy_file(formats / file, dir_ / "set" / file,
                               std::filesystem::copy_options::overwrite_existing);
  const std::string json = R"({"kind": "miniimagenet", "layout": "ilsvrc"})";
  // Six pictures of one class alone are there: the first row that asks for more is told.
  for (int number = 1; number <= 6; ++number)
    picture("train/n01532829/n01532829_" + std::to_string(number) + ".JPEG");
  refuse(json, Split::kBase, "train.csv:4: asks for picture 7 of class n01532829");
}

}  // namespace
}  // namespace mra
