#include "tests/data/official_folders.h"

namespace mra {
namespace {

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
  refuse(entry_, Split::kTrain, "anno_train.csv:1: '0' is not a whole number from 1");
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
  refuse_mat("short", "is not a MAT file of version 5");
  refuse_mat("MATLAB 7.3 MAT-file" + filler, "save -v7");
  const std::string header = filler + std::string(8, '\0') + std::string("\x00\x01IM", 4);
  refuse_mat(header, "has no variable 'annotations'");
  refuse_mat(header + "abc", "is cut short");
  refuse_mat(header + std::string("\x0F\0\0\0\x04\0\0\0abcd", 12), "holds a damaged part");
  refuse_mat(header + std::string("\x0E\0\0\0\xFF\xFF\xFF\x7F", 8), "is cut short");
}

}  // namespace
}  // namespace mra
