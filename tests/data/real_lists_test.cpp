// The lists of the released data sets, where they are there: empty files stand for the pictures.
#include <algorithm>
#include <fstream>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/data/checksums.h"
#include "harness/data/mat_table.h"
#include "harness/data/text_list.h"
#include "tests/data/data_of.h"
#include "tests/data/pictures.h"
#include "tests/support/shared_folder.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

class RealLists : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(formats())) GTEST_SKIP() << formats() << " is not there";
  }
  static fs::path formats() { return shared_folder() / "data/formats"; }

  /// An empty file for every second word of the lines of a list.
  void stand_in_for_pictures(const fs::path& list, const std::string& folder) {
    for (const auto& [number, text] : read_text_list(list).lines)
      write_bytes(dir_ / folder / split_at_first_blank(text).second, "");
  }
  void copy(const fs::path& from, const std::string& folder) {
    fs::create_directories(dir_ / folder);
    for (const auto& entry : fs::directory_iterator(from))
      if (entry.is_regular_file())
        fs::copy_file(entry.path(), dir_ / folder / entry.path().filename(),
                      fs::copy_options::overwrite_existing);
  }

  TempDir dir_;
};

TEST_F(RealLists, CubHas5994And5794PicturesOf200Classes) {
  const fs::path lists = formats() / "cub200/CUB_200_2011";
  copy(lists, "set");
  stand_in_for_pictures(lists / "images.txt", "set/images");
  const std::string entry = R"({"kind": "cub200", "classes": 200, "train_pictures": 5994,
                                "val_pictures": 5794})";
  const auto train = data_of(entry, Split::kTrain, dir_.path());
  EXPECT_EQ(train->label(0), 0);
  EXPECT_EQ(fs::path(train->describe(0)).filename(), "Black_Footed_Albatross_0009_34.jpg");
  EXPECT_EQ(train->label(5993), 199);
  EXPECT_EQ(data_of(entry, Split::kVal, dir_.path())->size(), 5794);
}

TEST_F(RealLists, EditedListsOfCubAreRefusedWithTheLine) {
  const fs::path lists = formats() / "cub200/CUB_200_2011";
  copy(formats() / "cub200/broken_lists", "set");
  expect_refused(R"({"kind": "cub200"})", Split::kTrain, dir_.path(), ErrorKind::kEnvironment,
                 "image_class_labels.txt is missing");
  fs::copy_file(lists / "image_class_labels.txt", dir_ / "set/image_class_labels.txt");
  expect_refused(R"({"kind": "cub200"})", Split::kTrain, dir_.path(), ErrorKind::kIntegrity,
                 ".txt:");
}

TEST_F(RealLists, CarsHas8144TrainingPicturesAsItsCsvHas) {
  const fs::path cars = formats() / "stanford_cars";
  const MatRows rows =
      read_mat_structs(cars / "devkit/cars_train_annos.mat", "annotations", {"class", "fname"});
  const TextList csv = read_text_list(cars / "cars_train_annos.csv");
  ASSERT_EQ(rows.size(), 8144u);
  ASSERT_EQ(csv.lines.size(), rows.size() + 1);
  std::set<std::string> classes;
  for (size_t i = 0; i < rows.size(); ++i) {
    EXPECT_TRUE(csv.lines[i + 1].text.ends_with("," + rows[i][0] + "," + rows[i][1])) << i;
    classes.insert(rows[i][0]);
  }
  EXPECT_EQ(classes.size(), 196u);
}

TEST_F(RealLists, CarsAsFirstReleasedIsRefusedForItsTestPictures) {
  const fs::path devkit = formats() / "stanford_cars/devkit";
  copy(devkit, "set/devkit");
  expect_refused(R"({"kind": "stanford_cars"})", Split::kTrain, dir_.path(),
                 ErrorKind::kEnvironment, "get cars_test_annos_withlabels.mat");
  // Under the name of the file with classes it is told apart by what is in it.
  fs::copy_file(devkit / "cars_test_annos.mat", dir_ / "set/cars_test_annos_withlabels.mat");
  expect_refused(R"({"kind": "stanford_cars"})", Split::kVal, dir_.path(), ErrorKind::kIntegrity,
                 "has no field 'class'");
}

TEST_F(RealLists, ACutOrChangedMatFileIsRefused) {
  const std::string whole = read_file(formats() / "stanford_cars/devkit/cars_train_annos.mat");
  for (const size_t size : {size_t(200), size_t(100'000), whole.size() - 1}) {
    write_bytes(dir_ / "cut.mat", whole.substr(0, size));
    EXPECT_THROW(read_mat_structs(dir_ / "cut.mat", "annotations", {"fname"}), Error) << size;
  }
  for (size_t at = 128; at < whole.size(); at += 20'011) {
    std::string changed = whole;
    changed[at] = char(changed[at] ^ 0x10);
    write_bytes(dir_ / "changed.mat", changed);
    EXPECT_THROW(read_mat_structs(dir_ / "changed.mat", "annotations", {"fname"}), Error) << at;
  }
}

TEST_F(RealLists, AircraftIsReadWithBlanksAndSlashes) {
  const fs::path data = formats() / "fgvc_aircraft/fgvc-aircraft-2013b/data";
  copy(data, "set/data");
  for (const char* list : {"images_variant_trainval.txt", "images_variant_test.txt"})
    for (const auto& [number, text] : read_text_list(data / list).lines)
      write_bytes(dir_ / "set/data/images" / (split_at_first_blank(text).first + ".jpg"), "");
  const auto train = data_of(R"({"kind": "fgvc_aircraft"})", Split::kTrain, dir_.path());
  ASSERT_EQ(train->size(), 13);
  EXPECT_EQ(train->classes(), 6);
  EXPECT_EQ(train->label(9), 5);   // Gulfstream IV
  EXPECT_EQ(train->label(10), 4);  // F-16A/B
  EXPECT_EQ(data_of(R"({"kind": "fgvc_aircraft"})", Split::kVal, dir_.path())->size(), 5);
}

/// Label of every path of a list.
std::map<std::string, int64_t> labels_of(const fs::path& list) {
  const ListedSplit split = read_labelled_paths(list, "", 1000);
  std::map<std::string, int64_t> labels;
  for (size_t i = 0; i < split.pictures.files.size(); ++i)
    labels[fs::path(split.pictures.files[i]).filename()] = split.pictures.labels[i];
  return labels;
}

TEST_F(RealLists, GroundTruthOfImagenetAgreesWithEveryLineOfTheTestListOfImagenetLt) {
  const fs::path imagenet = formats() / "imagenet";
  const auto labels = labels_of(formats() / "imagenet_lt/ImageNet_LT_test.txt");
  ASSERT_EQ(labels.size(), 50'000u);
  for (const char* name : {"ILSVRC2012_validation_ground_truth.txt", "map_clsloc.txt"})
    write_bytes(dir_ / "set" / name, read_file(imagenet / name));
  for (const auto& [name, label] : labels) write_bytes(dir_ / "set/val" / name, "");
  for (const auto& [number, wnid] : read_text_list(imagenet / "imagenet_synsets.txt").lines)
    write_bytes(dir_ / "set/train" / wnid / "1.JPEG", "");
  const auto val = data_of(R"({"kind": "imagenet", "classes": 1000, "val_pictures": 50000})",
                           Split::kVal, dir_.path());
  for (int64_t i = 0; i < val->size(); ++i)
    ASSERT_EQ(val->label(i), labels.at(fs::path(val->describe(i)).filename())) << i;
}

TEST_F(RealLists, ListsOfImagenetLtAreRead) {
  const fs::path lists = formats() / "imagenet_lt";
  EXPECT_EQ(labels_of(lists / "ImageNet_LT_val.txt").size(), 20'000u);
  const ListedSplit head = read_labelled_paths(lists / "ImageNet_LT_train.head60.txt", "", 0);
  EXPECT_EQ(head.pictures.files.size(), 60u);
  EXPECT_EQ(head.pictures.classes, 2);
  EXPECT_EQ(std::count(head.pictures.labels.begin(), head.pictures.labels.end(), 0), 50);
}

TEST_F(RealLists, ImagenetLtHas385Many479MediumAnd136FewClasses) {
  const fs::path train = formats() / "imagenet_lt/ImageNet_LT_train.txt";
  if (!fs::exists(train)) GTEST_SKIP() << train << " is not there";
  const auto labels = read_labelled_paths(train, "", 1000).pictures.labels;
  ASSERT_EQ(labels.size(), 115'846u);
  std::vector<int64_t> pictures(1000);
  for (const int32_t label : labels) ++pictures[size_t(label)];
  const auto classes = [&](int64_t least, int64_t most) {
    return std::count_if(pictures.begin(), pictures.end(),
                         [=](int64_t count) { return count >= least && count <= most; });
  };
  EXPECT_EQ(classes(101, 1280), 385);
  EXPECT_EQ(classes(20, 100), 479);
  EXPECT_EQ(classes(5, 19), 136);
}

TEST_F(RealLists, ChecksumsOfPublishedListsAreCompared) {
  const fs::path lists = formats() / "imagenet_lt";
  EXPECT_EQ(
      compare_checksums({{"ImageNet_LT_val.txt", "md5:ef44f8e43fbc904809a77216042e7498"},
                         {"ImageNet_LT_test.txt", "git:76a2fb9749d6cd29e765cc4f8c270f2504131e2f"}},
                        {lists}),
      2);
  EXPECT_THROW(
      compare_checksums({{"ImageNet_LT_val.txt", "git:a063f095fcd475db4cf8b0658c4b73955535bbf9"}},
                        {lists}),
      Error);
}

TEST_F(RealLists, TinyImagenetOfFourClassesIsDecoded) {
  fs::create_directory_symlink(formats() / "tiny_imagenet/tiny-imagenet-200", dir_ / "set");
  const auto val =
      data_of(R"({"kind": "tiny_imagenet", "classes": 200})", Split::kVal, dir_.path());
  ASSERT_EQ(val->size(), 60);
  Image image;
  val->read(59, image);
  EXPECT_EQ(image.width_px, 64);
}

TEST_F(RealLists, Cifar10RecordsAreReadAndACutFileRefused) {
  const fs::path cifar = formats() / "cifar10";
  const std::string good = read_file(cifar / "data_batch_1_first50.bin");
  for (const char* name :
       {"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4", "data_batch_5"})
    write_bytes(dir_ / "set" / (std::string(name) + ".bin"), good);
  write_bytes(dir_ / "set/test_batch.bin", read_file(cifar / "test_batch_first50_cut_short.bin"));
  EXPECT_EQ(data_of(R"({"kind": "cifar10"})", Split::kTrain, dir_.path())->size(), 250);
  expect_refused(R"({"kind": "cifar10"})", Split::kVal, dir_.path(), ErrorKind::kIntegrity,
                 "is not a multiple of");
}

}  // namespace
}  // namespace mra
