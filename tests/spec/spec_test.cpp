#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/spec/inherit.h"
#include "harness/spec/layered_spec.h"
#include "harness/spec/library.h"

namespace mra {

namespace fs = std::filesystem;

/// Runs `act` and returns the text of the Error it must throw.
template <typename Act>
static std::string error_of(Act act) {
  try {
    act();
  } catch (const Error& error) {
    return error.what();
  }
  return "(no error)";
}

static void expect_part(const std::string& text, const std::string& part) {
  EXPECT_NE(text.find(part), std::string::npos) << "'" << part << "' is not in: " << text;
}

/// A copy of the project's experiments that a test may change.
class SpecFiles : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::temp_directory_path() / ("specs_" + std::to_string(::getpid()));
    fs::remove_all(root_);
    fs::copy(fs::path(HARNESS_SOURCE_DIR) / "experiments", root_, fs::copy_options::recursive);
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(root_ / (name + ".json")) << text;
  }
  /// Applies a merge patch to a file.
  void patch(const std::string& name, const char* patch) const {
    Json json = read_json_file(root_ / (name + ".json"));
    json.merge_patch(Json::parse(patch));
    write(name, json.dump());
  }
  SpecLibrary library(std::vector<std::pair<std::string, Json>> overrides = {}) const {
    return SpecLibrary(root_, std::move(overrides));
  }
  std::string key(const std::string& row = "Mask Low", const std::string& scale = "smoke") const {
    for (const TableRow& candidate : library().table("table6", scale).rows)
      if (candidate.label == row) return candidate.experiments[0].key;
    return "(no such row)";
  }

  fs::path root_;
};

TEST_F(SpecFiles, TableSixHasThePapersFourValues) {
  for (const char* scale : {"smoke", "mini", "paper"}) {
    const TableSpec table = library().table("table6", scale);
    ASSERT_EQ(table.rows.size(), 4u);
    EXPECT_EQ(table.rows[0].cells[0].paper->value, 76.31);
    EXPECT_EQ(table.rows[1].cells[0].paper->value, 77.87);
    EXPECT_EQ(table.rows[2].cells[0].paper->value, 75.24);
    EXPECT_EQ(table.rows[3].cells[0].paper->value, 77.20);
  }
}

TEST_F(SpecFiles, ThreeRowsDependOnOnePretraining) {
  const TableSpec table = library().table("table6", "mini");
  EXPECT_TRUE(table.rows[0].experiments[0].dependencies.empty());
  const std::string pretraining = library().experiment("pretrain/mae_mini_r40", "mini").key;
  for (size_t row = 1; row < 4; ++row) {
    ASSERT_EQ(table.rows[row].experiments[0].dependencies.size(), 1u);
    EXPECT_EQ(table.rows[row].experiments[0].dependencies[0].key, pretraining);
  }
}

TEST_F(SpecFiles, TheMiniScaleIsThatOfItsPage) {
  const ExperimentSpec row = library().table("table6", "mini").rows[1].experiments[0];
  EXPECT_EQ(row.recipe.epochs, 60);
  EXPECT_EQ(row.recipe.batch_size, 128);
  EXPECT_EQ(row.recipe.schedule, "cosine");
  EXPECT_EQ(row.recipe.weight_decay, 5e-4);
  EXPECT_TRUE(row.recipe.nesterov);
  EXPECT_EQ(row.dataset["take_every"], 4);
  const ExperimentSpec pretraining = library().experiment("pretrain/mae_mini_r40", "mini");
  EXPECT_EQ(pretraining.recipe.epochs, 40);
  EXPECT_EQ(pretraining.recipe.beta2, 0.95);
  EXPECT_EQ(pretraining.recipe.decay_on, "matrices");
  EXPECT_FALSE(pretraining.dataset.contains("take_every"));
  EXPECT_EQ(pretraining.model["dim"], 128);
}

TEST_F(SpecFiles, ScalesNeverShareAKey) {
  EXPECT_NE(key("Baseline", "smoke"), key("Baseline", "mini"));
  patch("scales/smoke", R"({"supervised": null, "mae_pretrain": null})");
  EXPECT_NE(key("Baseline", "smoke"), key("Baseline", "paper"));  // equal but for the name
}

TEST_F(SpecFiles, NotesSeedsAndEvaluationsDoNotChangeTheKey) {
  const std::string before = key();
  patch("recipes/ablation_r50_90ep", R"({"note": "other", "seeds": [4, 5], "evaluate": []})");
  EXPECT_EQ(key(), before);
}

TEST_F(SpecFiles, WhatCanChangeTheModelChangesTheKey) {
  const std::string before = key();
  for (const char* change :
       {R"({"recipe": {"epochs": 17}})", R"({"model": {"width": 8}})",
        R"({"input": {"hflip_prob": 0}})", R"({"version": 2})", R"({"dataset": {"seed": 9}})"}) {
    const std::string original = read_json_file(root_ / "recipes/ablation_r50_90ep.json").dump();
    patch("recipes/ablation_r50_90ep", R"({"at": {"smoke": {}}})");
    patch("recipes/ablation_r50_90ep",
          Json({{"at", {{"smoke", Json::parse(change)}}}}).dump().c_str());
    EXPECT_NE(key(), before) << change;
    write("recipes/ablation_r50_90ep", original);
  }
}

TEST_F(SpecFiles, APretrainingChangesWhatIsBuiltOnItAndNothingElse) {
  const std::string low = key("Mask Low"), baseline = key("Baseline");
  patch("pretrain/mae_mini_r40", R"({"at": {"smoke": {"recipe": {"epochs": 3}}}})");
  EXPECT_NE(key("Mask Low"), low);
  EXPECT_EQ(key("Baseline"), baseline);
}

TEST_F(SpecFiles, OverridesChangeTheKeyOfEveryRow) {
  const TableSpec plain = library().table("table6", "smoke");
  const TableSpec changed = library({{"/recipe/epochs", 2}}).table("table6", "smoke");
  for (size_t row = 0; row < 4; ++row) {
    EXPECT_EQ(changed.rows[row].experiments[0].recipe.epochs, 2);
    EXPECT_NE(changed.rows[row].experiments[0].key, plain.rows[row].experiments[0].key);
  }
}

/// The data set of Table 6 with --set.
static Json dataset_with(const SpecLibrary& library, const std::string& scale) {
  return library.table("table6", scale).rows[0].experiments[0].dataset;
}

TEST_F(SpecFiles, OptionsOfADataSetAreNotInheritedByAnother) {
  patch("datasets",
        R"({"flowers": {"kind": "class_folders", "folder": "flowers", "classes": 17}})");
  const Json flowers = {
      {"name", "flowers"}, {"kind", "class_folders"}, {"folder", "flowers"}, {"classes", 17}};
  for (const char* scale : {"smoke", "mini", "paper"})
    EXPECT_EQ(dataset_with(library({{"/dataset/name", "flowers"}}), scale), flowers) << scale;
  Json some = flowers;
  some["take_every"] = 3;
  for (const auto& overrides : std::vector<std::vector<std::pair<std::string, Json>>>{
           {{"/dataset/name", "flowers"}, {"/dataset/take_every", 3}},
           {{"/dataset/take_every", 3}, {"/dataset/name", "flowers"}},
           {{"/dataset", {{"name", "flowers"}, {"take_every", 3}}}}})
    EXPECT_EQ(dataset_with(library(overrides), "mini"), some);
  EXPECT_EQ(dataset_with(library({{"/dataset/name", "imagenette96"}}), "mini")["take_every"], 4);
}

TEST_F(SpecFiles, NorByOneThatADataSetIsMadeFrom) {
  patch("datasets", R"({"halves": {"kind": "few_labels", "labels": 40,
                                   "of": {"name": "imagenette96", "take_every": 2}}})");
  const Json plain = dataset_with(library({{"/dataset/name", "halves"}}), "mini");
  EXPECT_EQ(plain["of"]["take_every"], 2);
  const Json other = dataset_with(
      library({{"/dataset", {{"name", "halves"}, {"of", {{"name", "cub50_128"}}}}}}), "mini");
  EXPECT_EQ(other["labels"], 40);
  EXPECT_EQ(other["of"]["name"], "cub50_128");
  EXPECT_EQ(other["of"]["train_pictures"], 1500);
  EXPECT_FALSE(other["of"].contains("take_every")) << other;
}

TEST_F(SpecFiles, WhoWroteAnOptionOfADataSetIsToldOfThatDataSet) {
  const auto table = library({{"/dataset/name", "cub50_128"}}).table("table6", "mini");
  const LayeredSpec& layers = *table.rows[0].experiments[0].layers;
  EXPECT_EQ(layers.origin("/dataset/name"), "--set: /dataset/name");
  EXPECT_EQ(layers.origin("/dataset/take_every"), "--set: /dataset/take_every");
}

TEST_F(SpecFiles, TheNumberOfThreadsBelongsToTheScale) {
  const std::string before = key();
  for (const char* scale : {"smoke", "mini"}) {
    EXPECT_EQ(library().table("table6", scale).rows[0].experiments[0].recipe.threads, 1);
    EXPECT_EQ(library().experiment("pretrain/mae_mini_r40", scale).recipe.threads, 1);
  }
  patch("scales/smoke", R"({"supervised": {"recipe": {"threads": 2}}})");
  EXPECT_NE(key(), before);
}

TEST_F(SpecFiles, AnUnknownKeyIsNamedWithFileAndPointer) {
  patch("recipes/ablation_r50_90ep", R"({"recipe": {"weight_deacy": 1}})");
  const std::string text = error_of([&] { library().table("table6", "paper"); });
  expect_part(text, "/recipe/weight_deacy: unknown key");
  expect_part(text, "did you mean 'weight_decay'?");
  expect_part(text, "ablation_r50_90ep.json");
}

TEST_F(SpecFiles, AMistakeIsToldOfTheFileThatWroteIt) {
  patch("scales/smoke", R"({"supervised": {"recipe": {"lr": "fast"}}})");
  expect_part(error_of([&] { library().table("table6", "smoke"); }),
              "scales/smoke.json: /supervised/recipe/lr: expected a number");
  patch("scales/smoke", R"({"supervised": {"recipe": {"lr": 0.1}}})");
  Json table = read_json_file(root_ / "tables/table6.json");
  table["rows"][2]["at"] = {{"smoke", {{"model", {{"name", "resnet81"}}}}}};
  write("tables/table6", table.dump());
  expect_part(error_of([&] { library().table("table6", "smoke"); }),
              "table6.json: /rows/2/at/smoke/model/name: unknown model 'resnet81'");
}

TEST_F(SpecFiles, APlaceOnACurveIsAPartOfTheTraining) {
  EXPECT_EQ(curve_place("train_loss@0.25")->curve, "train_loss");
  EXPECT_EQ(curve_place("train_loss@0.25")->frac, 0.25);
  EXPECT_FALSE(curve_place("train_loss"));
  for (const char* metric :
       {"train_loss@", "train_loss@1.5", "train_loss@-0.1", "train_loss@half"}) {
    Json table = read_json_file(root_ / "tables/table6.json");
    table["columns"][0]["metric"] = metric;
    write("tables/table6", table.dump());
    expect_part(error_of([&] { library().table("table6", "smoke"); }),
                "does not name a point of a curve");
  }
}

TEST_F(SpecFiles, AnUnknownOverrideIsToldOfTheCommandLine) {
  expect_part(error_of([&] {
                library({{"/recipe/epochz", 2}}).table("table6", "smoke");
              }),
              "--set: /recipe/epochz: unknown key");
  expect_part(error_of([&] {
                library({{"recipe", 2}}).table("table6", "smoke");
              }),
              "is not a JSON pointer");
}

TEST_F(SpecFiles, AnOverrideReachesIntoAList) {
  const auto hide_of = [](const SpecLibrary& library) {
    for (const TableRow& row : library.table("table6", "smoke").rows)
      if (row.name() == "Mask Low") return row.experiments.at(0).batch_transforms.at(0).options;
    return Json();
  };
  const Json before = hide_of(library());
  Json expected = before;
  expected["hide"] = "high";
  ASSERT_NE(before, expected);
  EXPECT_EQ(hide_of(library({{"/batch_transforms/0/mra/hide", "high"}})), expected);
  expect_part(error_of([&] {
                library({{"/batch_transforms/7/mra/hide", "high"}}).table("table6", "smoke");
              }),
              "no row of table6 has this element");
}

TEST_F(SpecFiles, ReservedKeysCannotBeSet) {
  for (const char* key : {"/scale", "/version"})
    expect_part(error_of([&] {
                  library({{key, "mini"}}).table("table6", "smoke");
                }),
                "cannot be set");
}

TEST_F(SpecFiles, TheBaseOfATableWithoutRowsMustExist) {
  Json table = read_json_file(root_ / "tables/table6.json");
  table["rows"] = Json::array();
  table["base"] = "recipes/no_such_recipe";
  write("tables/table6", table.dump());
  expect_part(error_of([&] { library().table("table6", "smoke"); }),
              "table6.json: /base: there is no spec 'recipes/no_such_recipe'");
}

TEST_F(SpecFiles, ARunThatIsNoSpecIsToldOfThePlaceThatNamesIt) {
  Json table = read_json_file(root_ / "tables/table6.json");
  table["rows"] = Json::parse(R"([{"label": "A", "with": {"batch_transforms":
      [{"mra": {"hide": "low", "weights": "run:pretrain/none"}}]}}])");
  write("tables/table6", table.dump());
  expect_part(error_of([&] { library().table("table6", "smoke"); }),
              "table6.json: /rows/0/with/batch_transforms/0/mra/weights: there is no spec "
              "'pretrain/none'");
}

TEST_F(SpecFiles, AWrongTypeAndAWrongRangeAreNamed) {
  patch("recipes/imagenet_r50_300ep", R"({"recipe": {"lr": "0.3"}})");
  expect_part(error_of([&] { library().table("table6", "paper"); }),
              "/recipe/lr: expected a number, found \"0.3\"");
  patch("recipes/imagenet_r50_300ep", R"({"recipe": {"lr": 0.3, "momentum": 1.5}})");
  expect_part(error_of([&] { library().table("table6", "paper"); }),
              "/recipe/momentum: 1.5 is outside 0 … 1");
}

TEST_F(SpecFiles, ACircleOfExtendsShowsItsWay) {
  patch("recipes/imagenet_r50_300ep", R"({"extends": "recipes/ablation_r50_90ep"})");
  expect_part(error_of([&] { library().table("table6", "smoke"); }),
              "recipes/ablation_r50_90ep -> recipes/imagenet_r50_300ep -> "
              "recipes/ablation_r50_90ep");
}

TEST_F(SpecFiles, UnknownNamesGetTheNearest) {
  expect_part(error_of([&] { library().table("table66", "smoke"); }), "did you mean 'table6'?");
  expect_part(error_of([&] { library().table("table6", "smoek"); }), "did you mean 'smoke'?");
  patch("recipes/ablation_r50_90ep", R"({"extends": "recipes/imagnet_r50_300ep"})");
  expect_part(error_of([&] { library().table("table6", "smoke"); }),
              "did you mean 'recipes/imagenet_r50_300ep'?");
}

TEST_F(SpecFiles, UnknownMethodsAndDataSetsGetTheNearest) {
  patch("recipes/ablation_r50_90ep", R"({"batch_transforms": [{"mrra": {}}]})");
  expect_part(error_of([&] { library().table("table6", "smoke"); }), "did you mean 'mra'?");
  patch("recipes/ablation_r50_90ep", R"({"batch_transforms": []})");
  patch("scales/smoke", R"({"supervised": {"dataset": {"name": "shape"}}})");
  expect_part(error_of([&] { library().table("table6", "smoke"); }), "did you mean 'shapes'?");
  patch("recipes/miniimagenet_episodes", R"({"task_options": {"method": "prot_net"}})");
  expect_part(error_of([&] { library().experiment("recipes/miniimagenet_episodes", "mini"); }),
              "/task_options/method: unknown few_shot method 'prot_net'");
  patch("recipes/stl10_wrn28", R"({"task_options": {"algorithm": "fixmatsch"}})");
  expect_part(error_of([&] { library().experiment("recipes/stl10_wrn28", "mini"); }),
              "did you mean 'fixmatch'?");
}

TEST_F(SpecFiles, WhatAScaleLacksForAColumnIsSaidAtThatScale) {
  const auto lacking = [&](const char* scale, size_t column) {
    return library().table("table2", scale).columns.at(column).lacking;
  };
  EXPECT_EQ(lacking("mini", 1), "no small stand-in: the whole data set is needed");
  EXPECT_EQ(lacking("mini", 0), "");
  EXPECT_EQ(lacking("paper", 1), "");
}

TEST_F(SpecFiles, ASpecCannotLeaveItsFolder) {
  patch("recipes/ablation_r50_90ep", R"({"extends": "../../etc/passwd"})");
  expect_part(error_of([&] { library().table("table6", "smoke"); }),
              "not a name below the experiments folder");
}

TEST_F(SpecFiles, BrokenJsonNamesItsFileAndLine) {
  write("scales/smoke", "{\n  \"note\": \"x\",\n}");
  const std::string text = error_of([&] { library().table("table6", "smoke"); });
  expect_part(text, "smoke.json: not valid JSON");
  expect_part(text, "line 3");
}

TEST_F(SpecFiles, AKeyThatStandsTwiceIsRefused) {
  write("scales/smoke", R"({"note": "a", "note": "b"})");
  expect_part(error_of([&] { library().table("table6", "smoke"); }),
              "key 'note' is in one object twice");
}

TEST_F(SpecFiles, ABaselineThatIsNoRowIsRefused) {
  Json table = read_json_file(root_ / "tables/table6.json");
  table["baseline"] = "Mask Lwo";
  write("tables/table6", table.dump());
  const std::string text = error_of([&] { library().table("table6", "smoke"); });
  expect_part(text, "/baseline: no row has the label 'Mask Lwo'");
  expect_part(text, "Mask Low");
}

TEST_F(SpecFiles, ALabelThatStandsTwiceIsRefused) {
  Json table = read_json_file(root_ / "tables/table6.json");
  table["rows"][1]["label"] = "Baseline";
  write("tables/table6", table.dump());
  expect_part(error_of([&] { library().table("table6", "smoke"); }), "'Baseline' is there twice");
}

}  // namespace mra
