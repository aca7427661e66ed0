#include "harness/spec/methods.h"

#include "harness/spec/catalog_names.h"
#include "tests/cli/cli_fixture.h"

namespace mra {
namespace {

using Methods = RunCli;

TEST_F(Methods, EveryNameOfEveryCatalogIsListedWithItsRows) {
  const Json list = harness({"methods", "--json"}).json()["methods"];
  std::set<std::string> names;
  for (const Json& method : list) names.insert(method["name"].get<std::string>());
  for (const auto& catalog :
       {dataset_names(), model_names(), task_names(), image_transform_names(),
        batch_transform_names(), evaluator_names(), semi_supervised_names(), few_shot_names()})
    for (const std::string& name : catalog) EXPECT_TRUE(names.contains(name)) << name;
}

TEST_F(Methods, OneIsToldWithItsOptionsAndTheRowsThatUseIt) {
  const Json mra = harness({"methods", "MRA", "--json"}).json()["methods"][0];
  EXPECT_EQ(mra["name"], "mra");
  EXPECT_EQ(mra["kind"], "augmentation of batches");
  const auto rows = mra["rows"].get<std::set<std::string>>();
  EXPECT_TRUE(rows.contains("table6/Mask Low"));
  EXPECT_FALSE(rows.contains("table6/Baseline"));
  const auto hide = mra["values"]["hide"].get<std::set<std::string>>();
  EXPECT_TRUE(hide.contains("low") && hide.contains("random"));
  const std::string text = harness({"methods", "mra"}).out;
  EXPECT_NE(text.find("table6/Mask Low"), std::string::npos) << text;
}

TEST_F(Methods, ADataSetTellsTypeDefaultAndRange) {
  const Json method = harness({"methods", "class_folders", "--json"}).json()["methods"][0];
  EXPECT_EQ(method["options"]["properties"]["take_every"]["minimum"], 1);
  EXPECT_EQ(method["options"]["properties"]["take_every"]["default"], 1);
  const std::string text = harness({"methods", "class_folders"}).out;
  EXPECT_NE(text.find("integer, from 1 to"), std::string::npos) << text;
}

TEST_F(Methods, AnUnknownNameIsAMistakeWithTheNearest) {
  const Answer answer = harness({"methods", "cutmxi"});
  EXPECT_EQ(answer.code, 2);
  EXPECT_NE(answer.err.find("did you mean 'cutmix'?"), std::string::npos) << answer.err;
}

}  // namespace
}  // namespace mra
