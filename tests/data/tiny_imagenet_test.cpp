#include "tests/data/official_folders.h"

namespace mra {
namespace {

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
  refuse(entry, Split::kTrain, "wnids.txt:2: '../n01' is not the name of a class folder");
}

}  // namespace
}  // namespace mra
