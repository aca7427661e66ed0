#include "harness/data/image.h"
#include "harness/data/picture_grid.h"
#include "tests/cli/cli_fixture.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

/// Two classes, three pictures to learn from and two to judge by, and own experiments.
class DataAdd : public RunCli {
 protected:
  DataAdd() {
    for (const char* picture :
         {"train/a/1.png", "train/a/2.png", "train/b/1.png", "valid/a/1.png", "valid/b/1.png"}) {
      const fs::path file = set_ / picture;
      fs::create_directories(file.parent_path());
      Image image;
      image.resize(4, 4);
      write_png(file, image);
    }
    fs::create_directories(own_);
    const std::string roots = HARNESS_SOURCE_DIR "/experiments:" + own_.string();
    setenv("HARNESS_EXPERIMENTS", roots.c_str(), 1);
  }

  Answer add(const std::string& name, const fs::path& path) {
    const std::string text = path.string();
    return harness({"data", "add", name.c_str(), text.c_str()});
  }

  const fs::path set_ = folder_.path() / "flowers", own_ = folder_.path() / "experiments";
};

TEST_F(DataAdd, CountsAndWritesTheEntry) {
  std::ofstream(own_ / "datasets.json") << R"({"z": {"kind": "class_folders"}})";
  const Answer added = add("my_flowers", set_);
  ASSERT_EQ(added.code, 0) << added.err;
  const Json all = Json::parse(std::ifstream(own_ / "datasets.json"));
  EXPECT_TRUE(all.contains("z"));
  EXPECT_EQ(all["my_flowers"], Json({{"kind", "class_folders"},
                                     {"folder", "flowers"},
                                     {"train", "train"},
                                     {"val", "valid"},
                                     {"classes", 2},
                                     {"train_pictures", 3},
                                     {"val_pictures", 2}}));
  const Json checked = harness({"data", "check", "my_flowers", "--json"}).json();
  EXPECT_EQ(checked["state"], "complete") << checked;
  EXPECT_EQ(add("my_flowers", set_).code, 2);
}

TEST_F(DataAdd, ALevelTooHighOrTooLowIsTold) {
  const Answer low = add("flowers", set_ / "train");
  EXPECT_EQ(low.code, 2);
  EXPECT_NE(low.err.find("is one level too low"), std::string::npos) << low.err;
  const Answer high = add("flowers", folder_.path());
  EXPECT_EQ(high.code, 2);
  EXPECT_NE(high.err.find("is one level too high"), std::string::npos) << high.err;
  EXPECT_NE(high.err.find(set_.string()), std::string::npos) << high.err;
  EXPECT_FALSE(fs::exists(own_ / "datasets.json"));
}

TEST_F(DataAdd, AFolderWithoutSplitsOrABadNameIsRefused) {
  EXPECT_NE(add("flowers", set_ / "train/a").err.find("has no folders train and val"),
            std::string::npos);
  EXPECT_EQ(add("a/b", set_).code, 2);
  EXPECT_EQ(add("shapes", set_).code, 2);
}

}  // namespace
}  // namespace mra
