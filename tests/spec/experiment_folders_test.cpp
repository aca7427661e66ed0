// A user's experiments, laid over those of the program.
#include "harness/spec/experiment_folders.h"

#include <cstdlib>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/spec/library.h"
#include "tests/support/temp_dir.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

class OwnExperiments : public testing::Test {
 protected:
  OwnExperiments() { fs::create_directories(own / "tables"); }

  void write(const std::string& name, const Json& json) {
    fs::create_directories((own / name).parent_path());
    write_file_atomically(own / name, json.dump());
  }
  ExperimentFolders folders() const { return ExperimentFolders({kProgram, own}); }
  std::string refusal() const {
    try {
      const SpecLibrary library(folders());
      for (const std::string& id : library.table_ids()) library.table(id, "smoke");
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::kUsage);
      return error.what();
    }
    return "(nothing was refused)";
  }

  const fs::path kProgram = fs::path(HARNESS_SOURCE_DIR) / "experiments";
  TempDir dir;
  const fs::path own = dir / "experiments";
};

}  // namespace

TEST_F(OwnExperiments, ATableExtendsARecipeOfTheProgramOnADataSetOfItsOwn) {
  write("datasets.json",
        {{"flowers",
          {{"kind", "class_folders"}, {"folder", "flowers"}, {"train", "train"}, {"val", "val"}}}});
  write("recipes/flowers.json", Json::parse(R"({"extends": "recipes/ablation_r50_90ep",
    "at": {"smoke": {"dataset": {"name": "flowers", "train_pictures": null}}}})"));
  write("tables/flowers.json", Json::parse(R"({"title": "Flowers", "base": "recipes/flowers",
    "columns": [{"name": "top1", "title": "Top-1", "metric": "top1", "unit": "%", "decimals": 1}],
    "rows": [{"label": "Baseline"}]})"));
  const SpecLibrary library(folders());
  const SpecLibrary shipped{std::string(HARNESS_SOURCE_DIR) + "/experiments"};
  EXPECT_EQ(library.table_ids().size(), shipped.table_ids().size() + 1);
  const TableSpec table = library.table("flowers", "smoke");
  ASSERT_EQ(table.rows.size(), 1u);
  const ExperimentSpec& experiment = table.rows[0].experiments.at(0);
  EXPECT_EQ(experiment.dataset["folder"], "flowers");
  EXPECT_FALSE(experiment.dataset.contains("train_pictures"));
  EXPECT_EQ(experiment.recipe.epochs, 16) << "the scale's patch is the program's";
}

TEST_F(OwnExperiments, ChangeNoKeyOfTheProgram) {
  const auto key = [](const SpecLibrary& library) {
    return library.table("table6", "smoke").rows[1].experiments[0].key;
  };
  EXPECT_EQ(key(SpecLibrary(folders())), key(SpecLibrary(kProgram)));
}

TEST_F(OwnExperiments, TwoFilesOfOneNameAreRefusedAndBothShown) {
  write("tables/table6.json", Json::object());
  const std::string told = refusal();
  EXPECT_NE(told.find((own / "tables/table6.json").string()), std::string::npos) << told;
  EXPECT_NE(told.find((kProgram / "tables/table6.json").string()), std::string::npos) << told;
}

TEST_F(OwnExperiments, TwoDataSetsOfOneNameAreRefusedAndBothShown) {
  write("datasets.json", {{"imagenette96", Json::object()}});
  const std::string told = refusal();
  EXPECT_NE(told.find("'imagenette96'"), std::string::npos) << told;
  EXPECT_NE(told.find((own / "datasets.json").string()), std::string::npos) << told;
  EXPECT_NE(told.find((kProgram / "datasets.json").string()), std::string::npos) << told;
}

TEST_F(OwnExperiments, AFolderThatIsNotThereIsRefused) {
  EXPECT_THROW(ExperimentFolders({kProgram, dir / "none"}), Error);
  EXPECT_THROW(ExperimentFolders({own}), Error) << "the first is a whole set";
}

TEST_F(OwnExperiments, AreFoundUpwardOfTheWorkingDirectory) {
  setenv("HARNESS_EXPERIMENTS", kProgram.c_str(), 1);
  const fs::path before = fs::current_path();
  fs::create_directories(dir / "a/b");
  fs::current_path(dir / "a/b");
  const auto found = find_experiments().roots();
  fs::create_directories(own / "scales");
  const auto without = find_experiments().roots();
  fs::current_path(before);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_TRUE(fs::equivalent(found[1], own));
  EXPECT_EQ(without.size(), 1u) << "a whole set of its own is not laid over another";
  EXPECT_EQ(find_experiments({own}).roots().size(), 2u) << "unless it is named";
  unsetenv("HARNESS_EXPERIMENTS");
}

}  // namespace mra
