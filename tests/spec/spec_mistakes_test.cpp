// What is said about mistakes in specs, tables and overrides.
#include "harness/spec/layered_spec.h"
#include "tests/spec/spec_files.h"

namespace mra {

TEST_F(SpecFiles, WhoWroteAnOptionOfADataSetIsToldOfThatDataSet) {
  const auto table = library({{"/dataset/name", "cub50_128"}}).table("table6", "mini");
  const LayeredSpec& layers = *table.rows[0].experiments[0].layers;
  EXPECT_EQ(layers.origin("/dataset/name"), "--set: /dataset/name");
  EXPECT_EQ(layers.origin("/dataset/take_every"), "--set: /dataset/take_every");
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
