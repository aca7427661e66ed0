#include "harness/data/inputs_on_disk.h"

#include <chrono>
#include <fstream>
#include <thread>

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/data/manifest.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

const Json kPhotos = {{"name", "photos"}, {"kind", "class_folders"}};
const Json kDataset = {{"dataset", kPhotos}};
const Json kPolicy = {{"policy", "mine"}};

class InputFiles : public testing::Test {
 protected:
  InputFiles() {
    for (const char* folder : {"tables", "scales", "policies"})
      fs::create_directories(dir / "experiments" / folder);
    for (const char* place : {"train/cat/1.jpg", "train/dog/1.jpg", "val/cat/1.jpg"}) {
      fs::create_directories((dir / "data/photos" / place).parent_path());
      std::ofstream(dir / "data/photos" / place) << "12345";
    }
    fs::create_directories(dir / "data/photos/val/dog");
    std::ofstream(dir / "data/photos/val/dog/2.jpg") << "67890";
    std::ofstream(policy) << "one";
  }
  InputsOnDisk look() const {
    return {ExperimentFolders({dir / "experiments"}), {dir / "data"}, dir / "kept.json"};
  }

  TempDir dir;
  const fs::path policy = dir / "experiments/policies/mine.json";
  const fs::path picture = dir / "data/photos/train/dog/1.jpg";
};

TEST_F(InputFiles, ArePoliciesWeightsAndDataSets) {
  std::ofstream(dir / "data/mae.pth") << "weights";
  const InputsOnDisk inputs = look();
  EXPECT_EQ(inputs.sha256(kPolicy), sha256("one"));
  EXPECT_EQ(inputs.sha256({{"policy", policy.string()}}), sha256("one"));
  EXPECT_EQ(inputs.sha256({{"weights", "file:mae.pth"}}), sha256("weights"));
  EXPECT_EQ(inputs.sha256({{"weights", (dir / "data/mae.pth").string()}}), sha256("weights"));
  EXPECT_EQ(inputs.sha256(kDataset), data_manifest(kPhotos, {dir / "data"}).sha256);
}

TEST_F(InputFiles, OfWhatIsAbsentOrDrawnNothingIsKnown) {
  const Json shapes = {
      {"name", "shapes"}, {"kind", "shapes"}, {"train_pictures", 20}, {"val_pictures", 10}};
  const InputsOnDisk inputs = look();
  for (const Json& input :
       {Json{{"policy", "other"}}, Json{{"policy", "../x"}}, Json{{"weights", "file:x.pth"}},
        Json{{"weights", "/absent"}}, Json{{"dataset", {{"kind", "class_folders"}, {"name", "x"}}}},
        Json{{"dataset", shapes}}, Json{{"other", 1}}, Json::object()})
    EXPECT_EQ(inputs.sha256(input), std::nullopt) << input;
  EXPECT_EQ(inputs.difference(Json::array({{{"policy", "other"}, {"sha256", "x"}}})), "");
}

TEST_F(InputFiles, WithOtherContentsAreNamed) {
  Json recorded = Json::array();
  for (Json input : {kPolicy, kDataset}) {
    input["sha256"] = look().sha256(input).value();
    recorded.push_back(input);
  }
  EXPECT_EQ(look().difference(recorded), "");
  std::ofstream(policy) << "two";
  EXPECT_EQ(look().difference(recorded), "measured with other contents of policies/mine.json");
  std::ofstream(picture) << "54321";  // of the same size
  EXPECT_EQ(look().difference(recorded),
            "measured with other contents of policies/mine.json, data set photos");
  std::ofstream(policy) << "one";
  std::ofstream(picture) << "12345";
  EXPECT_EQ(look().difference(recorded), "");
}

TEST_F(InputFiles, AreReadOnceAsLongAsTheirStampIsTheSame) {
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));  // a stamp may be trusted then
  const auto before = look().sha256(kDataset);
  Json kept = Json::parse(read_file(dir / "kept.json"));
  ASSERT_EQ(kept.size(), 1u);
  kept.front()["sha256"] = "as kept";
  std::ofstream(dir / "kept.json") << kept;
  EXPECT_EQ(look().sha256(kDataset), "as kept");
  fs::last_write_time(picture, fs::last_write_time(picture) + std::chrono::hours(1));
  EXPECT_EQ(look().sha256(kDataset), before);
}

TEST_F(InputFiles, AreReadAnewAfterACheck) {
  std::ofstream(dir / "kept.json")
      << Json{{kDataset.dump(),
               {{"stamp", data_stamp(kPhotos, {dir / "data"}).text}, {"sha256", "wrong"}}}};
  EXPECT_EQ(look().sha256(kDataset), "wrong");
  InputsOnDisk inputs = look();
  inputs.forget_dataset("flowers");
  EXPECT_EQ(inputs.sha256(kDataset), "wrong");
  inputs.forget_dataset("photos");
  EXPECT_EQ(inputs.sha256(kDataset), data_manifest(kPhotos, {dir / "data"}).sha256);
  EXPECT_EQ(look().sha256(kDataset), data_manifest(kPhotos, {dir / "data"}).sha256);
}

TEST_F(InputFiles, ADamagedFileOfDigestsIsNoTrouble) {
  for (const char* text : {"", "[]", "{\"x\"", "{\"{}\": 3}"}) {
    std::ofstream(dir / "kept.json") << text;
    EXPECT_EQ(look().sha256(kPolicy), sha256("one"));
  }
}

}  // namespace
}  // namespace mra
