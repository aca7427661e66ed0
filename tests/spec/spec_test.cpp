#include "tests/spec/spec_files.h"

namespace mra {

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

TEST_F(SpecFiles, TheNumberOfThreadsBelongsToTheScale) {
  const std::string before = key();
  for (const char* scale : {"smoke", "mini"}) {
    EXPECT_EQ(library().table("table6", scale).rows[0].experiments[0].recipe.threads, 1);
    EXPECT_EQ(library().experiment("pretrain/mae_mini_r40", scale).recipe.threads, 1);
  }
  patch("scales/smoke", R"({"supervised": {"recipe": {"threads": 2}}})");
  EXPECT_NE(key(), before);
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

TEST_F(SpecFiles, WhatAScaleLacksForAColumnIsSaidAtThatScale) {
  const auto lacking = [&](const char* scale, size_t column) {
    return library().table("table2", scale).columns.at(column).lacking;
  };
  EXPECT_EQ(lacking("mini", 1), "no small stand-in: the whole data set is needed");
  EXPECT_EQ(lacking("mini", 0), "");
  EXPECT_EQ(lacking("paper", 1), "");
}

}  // namespace mra
