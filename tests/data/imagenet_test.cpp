#include "tests/data/official_folders.h"

namespace mra {
namespace {

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
  refuse(entry_, Split::kVal, "meta.mat:2: the id 1 is listed twice");
}

TEST_F(Imagenet, ValidationPicturesMayLieInClassFolders) {
  picture("val/n01/x.JPEG");
  picture("val/n02/x.JPEG");
  refuse(entry_, Split::kVal, "has class folders other than those of train");
  picture("val/n03/x.JPEG");
  EXPECT_EQ(listed(*made(entry_, Split::kVal)),
            (Lines{"val/n01/x.JPEG 0", "val/n02/x.JPEG 1", "val/n03/x.JPEG 2"}));
}

TEST_F(Imagenet, WhatDoesNotBelongTogetherIsRefused) {
  flat();
  text("ILSVRC2012_validation_ground_truth.txt", "3\n1\n2\n");
  refuse(entry_, Split::kVal, "has 3 lines for the 4 pictures");
  text("ILSVRC2012_validation_ground_truth.txt", "3\n1\n2\n4\n");
  refuse(entry_, Split::kVal, "ground_truth.txt:4: '4' is not a whole number from 1 to 3");
  flat();
  text("map_clsloc.txt", "n03 1 kit_fox\nn01 1 setter\n");
  refuse(entry_, Split::kVal, "map_clsloc.txt:2: the id 1 is listed twice");
  text("map_clsloc.txt", "n03 1 kit_fox\nn01 2 setter\nn09 3 husky\n");
  refuse(entry_, Split::kVal, "ground_truth.txt:1: train/ has no class n09");
  std::filesystem::remove(dir_ / "set/map_clsloc.txt");
  refuse(entry_, Split::kTrain, "map_clsloc.txt is missing", ErrorKind::kEnvironment);
}

}  // namespace
}  // namespace mra
