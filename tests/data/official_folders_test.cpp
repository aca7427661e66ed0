// Data sets as they are released, small ones made here.
#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/data/data_state.h"
#include "tests/data/data_of.h"
#include "tests/data/pictures.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

constexpr ErrorKind kDamaged = ErrorKind::kIntegrity;

class OfficialFolders : public ::testing::Test {
 protected:
  void text(const std::string& name, const std::string& content) {
    write_bytes(dir_ / "set" / name, content);
  }
  void picture(const std::string& name, int width_px = 8, int height_px = 6) {
    text(name, ppm_bytes(test_picture(width_px, height_px)));
  }
  std::unique_ptr<Dataset> made(const std::string& entry, Split split) const {
    return data_of(entry, split, dir_.path());
  }
  void refuse(const std::string& entry, Split split, const std::string& part,
              ErrorKind kind = kDamaged) const {
    expect_refused(entry, split, dir_.path(), kind, part);
  }
  /// "class/name label" of every picture, in order.
  std::vector<std::string> listed(const Dataset& set) const {
    std::vector<std::string> lines;
    const std::string prefix = (dir_ / "set").string() + "/";
    for (int64_t i = 0; i < set.size(); ++i)
      lines.push_back(set.describe(i).substr(prefix.size()) + " " + std::to_string(set.label(i)));
    return lines;
  }
  using Lines = std::vector<std::string>;

  TempDir dir_;
};

// --- CUB-200-2011

class Cub : public OfficialFolders {
 protected:
  void SetUp() override {
    text("images.txt", "1 001.A/a1.jpg\n2 001.A/a2.jpg\n3 002.B/b 1.jpg\n4 002.B/b2.jpg\n");
    text("image_class_labels.txt", "1 1\n2 1\n3 2\n4 2\n");
    text("train_test_split.txt", "1 0\n2 1\n3 1\n4 0\n");
    text("classes.txt", "1 001.A\n2 002.B\n");
    for (const char* name : {"001.A/a1.jpg", "001.A/a2.jpg", "002.B/b 1.jpg", "002.B/b2.jpg"})
      picture(std::string("images/") + name);
  }
  const std::string entry_ = R"({"kind": "cub200"})";
};

TEST_F(Cub, JoinsItsListsById) {
  EXPECT_EQ(listed(*made(entry_, Split::kTrain)),
            (Lines{"images/001.A/a2.jpg 0", "images/002.B/b 1.jpg 1"}));
  EXPECT_EQ(listed(*made(entry_, Split::kVal)),
            (Lines{"images/001.A/a1.jpg 0", "images/002.B/b2.jpg 1"}));
  EXPECT_EQ(made(entry_, Split::kVal)->classes(), 2);
}

TEST_F(Cub, WindowsLineEndsAndAByteOrderMarkAreRead) {
  text("train_test_split.txt",
       "\xEF\xBB\xBF"
       "1 0\r\n2 1\r\n\r\n3 1\r\n4 0");
  EXPECT_EQ(listed(*made(entry_, Split::kTrain)).size(), 2u);
}

TEST_F(Cub, ListsThatDisagreeAreRefusedWithTheLine) {
  const auto broken = [&](const std::string& list, const std::string& content,
                          const std::string& part) {
    SetUp();
    text(list, content);
    refuse(entry_, Split::kTrain, part);
  };
  broken("train_test_split.txt", "1 0\n2 1\n3 1\n4 0\n5 1\n",
         "train_test_split.txt:5: 5 is not in images.txt");
  broken("train_test_split.txt", "1 0\n2 1\n3 1\n", "images.txt:4: 4 is not in train_test_split");
  broken("train_test_split.txt", "1 0\n2 2\n3 1\n4 0\n", "train_test_split.txt:2: '2' is no whole");
  broken("image_class_labels.txt", "1 1\n2 1\n3 3\n4 2\n", "image_class_labels.txt:3: 3 is not in");
  broken("image_class_labels.txt", "1 1\n2 2\n3 2\n4 2\n", "image_class_labels.txt:2: class 2 is");
  broken("image_class_labels.txt", "1 1\n2 one\n3 2\n4 2\n", "labels.txt:2: 'one' is no whole");
  broken("images.txt", "1 001.A/a1.jpg\n1 001.A/a2.jpg\n", "images.txt:2: 1 stands in line 1");
  broken("images.txt", "1 001.A/a2.jpg\n2 001.A/a2.jpg\n3 002.B/a2.jpg\n4 002.B/b2.jpg\n",
         "is not there");
  broken("images.txt", "1 001.A/a1.jpg\n2 001.A/../../x.jpg\n3 002.B/b 1.jpg\n4 002.B/b2.jpg\n",
         "images.txt:2: '001.A/../../x.jpg' leads out");
  broken("classes.txt", "", "classes.txt: this list is empty");
}

TEST_F(Cub, AMissingListTellsWhatBelongsThere) {
  std::filesystem::remove(dir_ / "set/image_class_labels.txt");
  refuse(entry_, Split::kTrain, "image_class_labels.txt is missing", ErrorKind::kEnvironment);
  refuse(R"({"kind": "cub200", "folder": "CUB"})", Split::kTrain,
         "DIR/CUB/images/<class>/<picture>", ErrorKind::kEnvironment);
}

TEST_F(Cub, CountsAreCompared) {
  EXPECT_EQ(made(R"({"kind": "cub200", "classes": 2, "train_pictures": 2})", Split::kTrain)->size(),
            2);
  refuse(R"({"kind": "cub200", "train_pictures": 3})", Split::kTrain, "2 pictures, expected 3");
  refuse(R"({"kind": "cub200", "val_pictures": 3})", Split::kVal, "2 pictures, expected 3");
  refuse(R"({"kind": "cub200", "classes": 200})", Split::kVal, "2 classes, expected 200");
}

TEST_F(Cub, EveryPictureThatCannotBeDecodedIsNamed) {
  text("images/001.A/a2.jpg", "no picture");
  text("images/002.B/b 1.jpg", "");
  const auto wrong = decode_all(*made(entry_, Split::kTrain), [](int64_t) {});
  ASSERT_EQ(wrong.size(), 2u);
  EXPECT_NE(wrong[0].find("001.A/a2.jpg"), std::string::npos) << wrong[0];
  EXPECT_NE(wrong[1].find("002.B/b 1.jpg"), std::string::npos) << wrong[1];
  EXPECT_TRUE(decode_all(*made(entry_, Split::kVal), [](int64_t) {}).empty());
}

TEST_F(Cub, WhatIsThereIsCountedForEachSplitAndClass) {
  const Json entry = {{"kind", "cub200"}, {"name", "set"}};
  const DataState state = look_at(entry, "datasets.json", {dir_.path()});
  EXPECT_EQ(state.state, "complete");
  EXPECT_EQ(state.folder, dir_ / "set");
  EXPECT_EQ(state.pictures, (std::map<Split, int64_t>{{Split::kTrain, 2}, {Split::kVal, 2}}));
  EXPECT_EQ(state.of_class, (std::vector<int64_t>{1, 1}));
  std::filesystem::remove(dir_ / "set/images/001.A/a2.jpg");
  EXPECT_EQ(look_at(entry, "datasets.json", {dir_.path()}).state, "damaged");
  EXPECT_EQ(look_at(entry, "datasets.json", {}).state, "absent");
}

// --- FGVC-Aircraft

class Aircraft : public OfficialFolders {
 protected:
  void SetUp() override {
    text("data/variants.txt", "707-320\nF-16A/B\nGulfstream IV\n");
    text("data/images_variant_train.txt", "0000001 707-320\n");
    text("data/images_variant_trainval.txt", "0000001 707-320\n0000002 Gulfstream IV\n");
    text("data/images_variant_test.txt", "0000003 F-16A/B\n");
    for (const char* id : {"0000001", "0000002", "0000003"})
      picture(std::string("data/images/") + id + ".jpg", 8, 30);
  }
  const std::string entry_ = R"({"kind": "fgvc_aircraft"})";
};

TEST_F(Aircraft, VariantsHoldBlanksAndSlashes) {
  EXPECT_EQ(listed(*made(entry_, Split::kTrain)),
            (Lines{"data/images/0000001.jpg 0", "data/images/0000002.jpg 2"}));
  EXPECT_EQ(listed(*made(entry_, Split::kVal)), (Lines{"data/images/0000003.jpg 1"}));
  EXPECT_EQ(made(R"({"kind": "fgvc_aircraft", "train": "train"})", Split::kTrain)->size(), 1);
}

TEST_F(Aircraft, TheBannerIsCutOffOnlyWhenAskedFor) {
  Image whole, cut;
  made(entry_, Split::kVal)->read(0, whole);
  made(R"({"kind": "fgvc_aircraft", "crop_banner": true})", Split::kVal)->read(0, cut);
  EXPECT_EQ(whole.height_px, 30);
  ASSERT_EQ(cut.height_px, 10);
  EXPECT_TRUE(std::equal(cut.rgb.begin(), cut.rgb.end(), whole.rgb.begin()));
  picture("data/images/0000003.jpg", 8, 20);
  EXPECT_THROW(made(R"({"kind": "fgvc_aircraft", "crop_banner": true})", Split::kVal)->read(0, cut),
               Error);
}

TEST_F(Aircraft, ListsThatDisagreeAreRefusedWithTheLine) {
  text("data/images_variant_test.txt", "0000003 F-16\n");
  refuse(entry_, Split::kVal, "images_variant_test.txt:1: variants.txt has no variant 'F-16'");
  text("data/images_variant_test.txt", "0000002 F-16A/B\n");
  refuse(entry_, Split::kVal, "0000002.jpg stands in");
  refuse(entry_, Split::kTrain, "images_variant_trainval.txt:2: 0000002.jpg stands in");
  text("data/images_variant_test.txt", "0000003 F-16A/B\n0000003 F-16A/B\n");
  refuse(entry_, Split::kVal, "images_variant_test.txt:2: 0000003.jpg stands in line 1");
  text("data/images_variant_test.txt", "0000004 F-16A/B\n");
  refuse(entry_, Split::kVal, "0000004.jpg is not there");
  text("data/variants.txt", "707-320\n707-320\n");
  refuse(entry_, Split::kVal, "variants.txt:2: the variant '707-320' stands above");
}

// --- lists of paths and labels

class ListFiles : public OfficialFolders {
 protected:
  void SetUp() override {
    text("train.txt", "a/1.jpg 0\na/my cat.jpg 0\nb/1.jpg 1\n");
    text("val.txt", "a/2.jpg 0\nb/2.jpg 1\n");
    text("lt/test.csv", "filename,label\nb/3.jpg,1\n");
    for (const char* name : {"a/1", "a/my cat", "b/1", "a/2", "b/2", "b/3"})
      picture(std::string(name) + ".jpg");
  }
  const std::string entry_ = R"({"kind": "list_files", "test": "lt/test.csv"})";
};

TEST_F(ListFiles, PathsMayHoldBlanksAndListsCommas) {
  EXPECT_EQ(listed(*made(entry_, Split::kTrain)),
            (Lines{"a/1.jpg 0", "a/my cat.jpg 0", "b/1.jpg 1"}));
  EXPECT_EQ(listed(*made(entry_, Split::kVal)), (Lines{"a/2.jpg 0", "b/2.jpg 1"}));
  const auto test = made(entry_, Split::kTest);
  EXPECT_EQ(listed(*test), (Lines{"b/3.jpg 1"}));
  EXPECT_EQ(test->classes(), 2);
}

TEST_F(ListFiles, WindowsLineEndsAndAByteOrderMarkAreRead) {
  const Lines lines = listed(*made(entry_, Split::kTrain));
  text("train.txt",
       "\xEF\xBB\xBF"
       "a/1.jpg 0\r\na/my cat.jpg 0\r\nb/1.jpg 1\r\n");
  text("lt/test.csv",
       "\xEF\xBB\xBF"
       "filename,label\r\nb/3.jpg,1\r\n");
  EXPECT_EQ(listed(*made(entry_, Split::kTrain)), lines);
  EXPECT_EQ(listed(*made(entry_, Split::kTest)), (Lines{"b/3.jpg 1"}));
}

TEST_F(ListFiles, WithoutATestListThereIsNoTestSplit) {
  refuse(R"({"kind": "list_files"})", Split::kTest, "no split 'test'", ErrorKind::kUsage);
}

TEST_F(ListFiles, WrongLinesAreNamed) {
  const auto broken = [&](const std::string& content, const std::string& part,
                          const std::string& more = "") {
    text("train.txt", content);
    refuse(entry_.substr(0, entry_.size() - 1) + more + "}", Split::kTrain, part);
  };
  broken("a/1.jpg 0\na/none.jpg 1\n", "none.jpg is not there");
  broken("a/1.jpg 0\na/1.jpg 0\nb/1.jpg 1\n", "train.txt:2: a/1.jpg stands in line 1");
  broken("a/1.jpg 0\nb/2.jpg 1\n", "train.txt:2: b/2.jpg stands in");
  broken("a/1.jpg 0\nb/1.jpg 2\n", "train.txt:2: '2' is no whole number from 0 to 1",
         R"(, "classes": 2)");
  broken("a/1.jpg 0\nb/1.jpg\n", "train.txt:2: expected a path and a label");
  broken("a/1.jpg 0\nb/1.jpg -1\n", "train.txt:2: '-1' is no whole number");
  broken("a/1.jpg 0\n/etc/passwd 1\n", "train.txt:2: '/etc/passwd' leads out");
  broken("a/1.jpg 0\nb/1.jpg 1\n", "2 pictures, expected 3", R"(, "train_pictures": 3)");
  broken(std::string("a/1.jpg 0\n\0\n", 12), "train.txt:2: holds a zero byte");
  SetUp();
  refuse(R"({"kind": "list_files", "val": "train.txt"})", Split::kVal,
         "train.txt:1: a/1.jpg stands in");
  broken("a/1.jpg 0\n", "val.txt:2: '1' is no whole number from 0 to 0");
}

// --- ImageNet

class Imagenet : public OfficialFolders {
 protected:
  void SetUp() override {
    for (const char* name : {"train/n02/n02_1", "train/n03/n03_1", "train/n01/n01_1"})
      picture(std::string(name) + ".JPEG");
  }
  void flat() {
    for (const char* number : {"1", "2", "3", "4"})
      picture(std::string("val/ILSVRC2012_val_0000000") + number + ".JPEG");
    text("ILSVRC2012_validation_ground_truth.txt", "3\n1\n2\n1\n");
    text("map_clsloc.txt", "n03 1 kit_fox\nn01 2 setter\nn02 3 husky");  // no line end, as released
  }
  const std::string entry_ = R"({"kind": "imagenet"})";
};

TEST_F(Imagenet, TheIdOfTheGroundTruthIsNotTheClass) {
  flat();
  EXPECT_EQ(listed(*made(entry_, Split::kVal)),
            (Lines{"val/ILSVRC2012_val_00000001.JPEG 1", "val/ILSVRC2012_val_00000002.JPEG 2",
                   "val/ILSVRC2012_val_00000003.JPEG 0", "val/ILSVRC2012_val_00000004.JPEG 2"}));
  EXPECT_EQ(listed(*made(entry_, Split::kTrain)).back(), "train/n03/n03_1.JPEG 2");
}

TEST_F(Imagenet, TheDevkitsMatFileTellsTheClassesToo) {
  flat();
  const auto devkit = [&](const std::string& mat) {
    const auto path = std::filesystem::path(HARNESS_SOURCE_DIR) / "tests/data/mat" / mat;
    text("ILSVRC2012_devkit_t12/data/meta.mat", read_file(path));
  };
  const Lines lines = listed(*made(entry_, Split::kVal));
  for (const char* name : {"map_clsloc.txt", "ILSVRC2012_validation_ground_truth.txt"})
    std::filesystem::remove(dir_ / "set" / name);
  text("ILSVRC2012_devkit_t12/data/ILSVRC2012_validation_ground_truth.txt", "3\n1\n2\n1\n");
  devkit("synsets.mat");  // three classes, and a group of them with an id of its own
  EXPECT_EQ(listed(*made(entry_, Split::kVal)), lines);
  devkit("synsets_twice.mat");
  refuse(entry_, Split::kVal, "meta.mat:2: the id 1 stands above already");
}

TEST_F(Imagenet, ValidationPicturesMayLieInClassFolders) {
  picture("val/n01/x.JPEG");
  picture("val/n02/x.JPEG");
  refuse(entry_, Split::kVal, "has other class folders than train");
  picture("val/n03/x.JPEG");
  EXPECT_EQ(listed(*made(entry_, Split::kVal)),
            (Lines{"val/n01/x.JPEG 0", "val/n02/x.JPEG 1", "val/n03/x.JPEG 2"}));
}

TEST_F(Imagenet, WhatDoesNotBelongTogetherIsRefused) {
  flat();
  text("ILSVRC2012_validation_ground_truth.txt", "3\n1\n2\n");
  refuse(entry_, Split::kVal, "has 3 lines for the 4 pictures");
  text("ILSVRC2012_validation_ground_truth.txt", "3\n1\n2\n4\n");
  refuse(entry_, Split::kVal, "ground_truth.txt:4: '4' is no whole number from 1 to 3");
  flat();
  text("map_clsloc.txt", "n03 1 kit_fox\nn01 1 setter\n");
  refuse(entry_, Split::kVal, "map_clsloc.txt:2: the id 1 stands above");
  text("map_clsloc.txt", "n03 1 kit_fox\nn01 2 setter\nn09 3 husky\n");
  refuse(entry_, Split::kVal, "ground_truth.txt:1: train/ has no class n09");
  std::filesystem::remove(dir_ / "set/map_clsloc.txt");
  refuse(entry_, Split::kTrain, "map_clsloc.txt is missing", ErrorKind::kEnvironment);
}

// --- Tiny-ImageNet

TEST_F(OfficialFolders, TinyImagenetIsRead) {
  const std::string entry = R"({"kind": "tiny_imagenet"})";
  text("wnids.txt", "n02\nn01\n");
  picture("train/n01/images/n01_0.JPEG");
  picture("train/n02/images/n02_0.JPEG");
  text("train/n01/n01_boxes.txt", "x");
  picture("val/images/val_0.JPEG");
  picture("val/images/val_1.JPEG");
  text("val/val_annotations.txt", "val_0.JPEG\tn02\t0\t32\t44\t62\nval_1.JPEG\tn01\t0\t0\t1\t1\n");
  EXPECT_EQ(listed(*made(entry, Split::kTrain)),
            (Lines{"train/n01/images/n01_0.JPEG 0", "train/n02/images/n02_0.JPEG 1"}));
  EXPECT_EQ(listed(*made(entry, Split::kVal)),
            (Lines{"val/images/val_0.JPEG 1", "val/images/val_1.JPEG 0"}));
  text("val/val_annotations.txt", "val_0.JPEG\tn02\t0\t32\t44\t62\nval_1.JPEG\tn03\t0\t0\t1\t1\n");
  refuse(entry, Split::kVal, "val_annotations.txt:2: wnids.txt has no class 'n03'");
  text("wnids.txt", "n02\n../n01\n");
  refuse(entry, Split::kTrain, "wnids.txt:2: '../n01' is no name of a class folder");
}

// --- CIFAR-10

TEST_F(OfficialFolders, Cifar10IsReadPlaneByPlane) {
  const std::string entry = R"({"kind": "cifar10"})";
  std::string record(3073, '\0');
  for (size_t i = 0; i < 1024; ++i) {
    record[1 + i] = char(i % 256);
    record[1025 + i] = char(7);
    record[2049 + i] = char(i / 256);
  }
  for (const char* name : {"1", "2", "3", "4", "5"}) {
    record[0] = char(name[0] - '0');
    text(std::string("data_batch_") + name + ".bin", record + record);
  }
  text("test_batch.bin", record);
  const auto set = made(entry, Split::kTrain);
  ASSERT_EQ(set->size(), 10);
  EXPECT_EQ(set->classes(), 10);
  EXPECT_EQ(set->label(5), 3);
  EXPECT_EQ(set->describe(5), (dir_ / "set/data_batch_3.bin[1]").string());
  Image image;
  set->read(5, image);
  ASSERT_EQ(image.width_px, 32);
  const uint8_t* pixel = image.row(20) + 3 * 17;
  EXPECT_EQ(pixel[0], (20 * 32 + 17) % 256);
  EXPECT_EQ(pixel[1], 7);
  EXPECT_EQ(pixel[2], (20 * 32 + 17) / 256);
  EXPECT_EQ(made(entry, Split::kVal)->size(), 1);
  text("test_batch.bin", record.substr(17));
  refuse(entry, Split::kVal, "has 3056 bytes, no whole number of records");
  record[0] = char(10);
  text("test_batch.bin", record);
  refuse(entry, Split::kVal, "test_batch.bin[0]: has the label 10");
}

// --- Stanford Cars

class Cars : public OfficialFolders {
 protected:
  void SetUp() override {
    for (const char* name : {"cars_train/00001", "cars_train/00002", "cars_test/00001"})
      picture(std::string(name) + ".jpg");
  }
  const std::string entry_ = R"({"kind": "stanford_cars"})";
};

TEST_F(Cars, CommaSeparatedListsAreReadWithAndWithoutColumnNames) {
  text("anno_train.csv", "00001.jpg,39,116,569,375,2\n00002.jpg,36,116,868,587,1\n");
  text("devkit/cars_test_annos.csv", "\"fname\",bbox_x1,class\r\n\"00001.jpg\",5,2\r\n");
  EXPECT_EQ(listed(*made(entry_, Split::kTrain)),
            (Lines{"cars_train/00001.jpg 1", "cars_train/00002.jpg 0"}));
  EXPECT_EQ(listed(*made(entry_, Split::kVal)), (Lines{"cars_test/00001.jpg 1"}));
  text("devkit/cars_test_annos.csv", "bbox_x1,fname\n5,00001.jpg\n");
  refuse(entry_, Split::kVal, "cars_test_annos.csv:1: has no column 'class'");
  text("devkit/cars_test_annos.csv", "00001.jpg,39,116,569,375\n");
  refuse(entry_, Split::kVal, "cars_test_annos.csv:1: has 5 values: the class is missing");
  text("anno_train.csv", "00001.jpg,39,116,569,375,0\n");
  refuse(entry_, Split::kTrain, "anno_train.csv:1: '0' is no whole number from 1");
}

TEST_F(Cars, ClassFoldersAreRead) {
  for (const char* name :
       {"train/AM General/1", "train/Ram C-V/2", "test/AM General/3", "test/Ram C-V/4"})
    picture(std::string(name) + ".jpg");
  EXPECT_EQ(listed(*made(entry_, Split::kTrain)),
            (Lines{"train/AM General/1.jpg 0", "train/Ram C-V/2.jpg 1"}));
  EXPECT_EQ(made(entry_, Split::kVal)->size(), 2);
}

TEST_F(Cars, TestAnnotationsWithoutClassesAreRefusedWithWhatToGet) {
  text("anno_train.csv", "00001.jpg,39,116,569,375,2\n");
  text("devkit/cars_test_annos.mat", "x");
  refuse(entry_, Split::kTrain, "get cars_test_annos_withlabels.mat", ErrorKind::kEnvironment);
}

TEST_F(Cars, WhatIsNoMatFileIsRefused) {
  text("anno_test.csv", "00001.jpg,39,116,569,375,2\n");
  const auto refuse_mat = [&](const std::string& bytes, const std::string& part) {
    text("devkit/cars_train_annos.mat", bytes);
    refuse(entry_, Split::kTrain, part);
  };
  const std::string filler(116, ' ');
  refuse_mat("short", "is no MAT file of version 5");
  refuse_mat("MATLAB 7.3 MAT-file" + filler, "save -v7");
  const std::string header = filler + std::string(8, '\0') + std::string("\x00\x01IM", 4);
  refuse_mat(header, "has no variable 'annotations'");
  refuse_mat(header + "abc", "is cut short");
  refuse_mat(header + std::string("\x0F\0\0\0\x04\0\0\0abcd", 12), "holds a damaged part");
  refuse_mat(header + std::string("\x0E\0\0\0\xFF\xFF\xFF\x7F", 8), "is cut short");
}

// --- long tail

TEST_F(OfficialFolders, ALongTailKeepsFewerAndFewerOfEachClass) {
  const std::string entry = R"({"kind": "long_tail", "most": 100, "least": 5, "of": {
      "kind": "shapes", "name": "shapes", "train_pictures": 2000, "test_pictures": 30}})";
  const auto train = made(entry, Split::kTrain);
  std::vector<int64_t> counts(10);
  for (int64_t i = 0; i < train->size(); ++i) ++counts[size_t(train->label(i))];
  EXPECT_EQ(counts, (std::vector<int64_t>{100, 72, 51, 37, 26, 19, 14, 10, 7, 5}));
  EXPECT_EQ(train->describe(0), "shapes train[0]");
  EXPECT_EQ(made(entry, Split::kVal)->size(), 1000);
  EXPECT_EQ(made(entry, Split::kTest)->describe(3), "shapes test[3]");
}

TEST_F(OfficialFolders, ALongTailMayValidateOnPicturesThatAreLeft) {
  const std::string of = R"("of": {"kind": "shapes", "name": "shapes", "train_pictures": 200}})";
  const std::string entry = R"({"kind": "long_tail", "most": 15, "least": 5, "val_of_class": 4, )";
  const auto train = made(entry + of, Split::kTrain), val = made(entry + of, Split::kVal);
  EXPECT_EQ(val->size(), 40);
  EXPECT_EQ(val->label(13), 3);
  EXPECT_EQ(val->describe(0), "shapes train[150]");  // the 16th picture of class 0
  EXPECT_EQ(made(entry + of, Split::kTest)->describe(0), "shapes val[0]");
  refuse(R"({"kind": "long_tail", "most": 21, "least": 5, )" + of, Split::kTrain,
         "class 0 has 20 training pictures, and 21 are needed", ErrorKind::kUsage);
  refuse(R"({"kind": "long_tail", "most": 15, "least": 5, "val_of_class": 6, )" + of, Split::kVal,
         "21 are needed", ErrorKind::kUsage);
  refuse(R"({"kind": "long_tail", "most": 5, "least": 6, )" + of, Split::kTrain, "least",
         ErrorKind::kUsage);
}

}  // namespace
}  // namespace mra
