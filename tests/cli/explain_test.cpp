#include "harness/cli/output.h"
#include "harness/spec/cell_place.h"
#include "tests/cli/cli_fixture.h"

namespace mra {
namespace {

using Explain = RunCli;

/// The entry of a list of objects whose `field` is `value`.
Json entry(const Json& entries, const char* field, const std::string& value) {
  for (const Json& candidate : entries)
    if (candidate[field] == value) return candidate;
  return {};
}

TEST_F(Explain, TakesACellInAnyCaseByTitleOrName) {
  for (const char* cell : {"table6/Mask Low", "table6/Mask Low/Top-1", "Table6/mask low/top1"}) {
    const Json found = harness({"explain", cell, "--json"}).json();
    EXPECT_EQ(found["row"], "Mask Low") << cell;
    ASSERT_EQ(found["cells"].size(), 1u) << cell;
    EXPECT_EQ(found["cells"][0]["paper"]["value"], 77.87) << cell;
  }
}

TEST_F(Explain, QuotedHoursArePrintedAsInThePaper) {
  const auto text_of = [&](const char* cell) { return harness({"explain", cell}).out; };
  EXPECT_NE(text_of("table1/DADA/gpu_hours").find("1.3 h, quoted from DADA"), std::string::npos);
  EXPECT_NE(text_of("table1/AutoAugment/gpu_hours").find(" 15000 h, quoted from AutoAugment"),
            std::string::npos);
}

TEST_F(Explain, AnUnknownPartIsNamedWithTheNearest) {
  const auto error_of = [&](const char* cell) {
    const Answer answer = harness({"explain", cell});
    EXPECT_EQ(answer.code, 2) << cell;
    return answer.err;
  };
  EXPECT_NE(error_of("tabel6/Baseline").find("did you mean 'table6'?"), std::string::npos);
  EXPECT_NE(error_of("table6/Mask Lwo").find("did you mean 'Mask Low'?"), std::string::npos);
  EXPECT_NE(error_of("table6/Mask Low/top2").find("did you mean 'top1'?"), std::string::npos);
  EXPECT_NE(error_of("table6").find("Baseline, "), std::string::npos);
}

TEST_F(Explain, LeadsFromTheFigureToSeedsDirectoriesAndCurves) {
  const RunRecord run = finish_run("table6", "Mask Low", 0, 80);
  finish_run("table6", "Mask Low", 4, 82);
  const Json found = harness({"explain", "table6/Mask Low", "--json"}).json();
  EXPECT_EQ(found["cells"][0]["measured"]["mean"], 81.0);
  EXPECT_EQ(found["cells"][0]["measured"]["seeds"], Json({0, 4}));
  const Json runs = found["experiments"][0]["runs"];
  ASSERT_EQ(runs.size(), 2u);
  EXPECT_EQ(runs[1]["run"], run.key + "-s4");
  EXPECT_EQ(runs[1]["directory"], RunDirectory::path_of(workspace(), {run.key, 4}).string());
  EXPECT_EQ(runs[1]["environment"]["commit"], "abc");
  EXPECT_EQ(runs[1]["curves"]["train_loss"]["last"], Json({2.0, 1.25}));
  const Json one = harness({"explain", "table6/Mask Low", "--seeds", "4", "--json"}).json();
  EXPECT_EQ(one["cells"][0]["measured"]["mean"], 82.0);
  EXPECT_EQ(one["experiments"][0]["runs"].size(), 1u);
}

TEST_F(Explain, TellsWhichFileWroteEachValue) {
  const Json found = harness({"explain", "table6/Mask Low", "--json"}).json();
  const Json values = found["experiments"][0]["merged"]["values"];
  EXPECT_EQ(entry(values, "pointer", "/batch_transforms/0/mra/hide")["from"],
            "tables/table6.json: /rows/1/with/batch_transforms/0/mra/hide");
  EXPECT_EQ(entry(values, "pointer", "/model/name")["from"],
            "scales/smoke.json: /supervised/model/name");
  EXPECT_EQ(entry(values, "pointer", "/dataset/kind")["from"], "datasets.json: /shapes/kind");
  EXPECT_EQ(entry(values, "pointer", "/dataset/train_pictures")["from"],
            "scales/smoke.json: /supervised/dataset/train_pictures");
  EXPECT_EQ(values.size(), found["experiments"][0]["spec"].flatten().size());
}

TEST_F(Explain, ShowsWhatAnOverrideChangedAndThatPretrainingsStay) {
  const Json plain = harness({"explain", "table6/Mask Low", "--json"}).json();
  const Json found =
      harness({"explain", "table6/Mask Low", "--set", "/recipe/lr=0.5", "--json"}).json();
  const Json& experiment = found["experiments"][0];
  ASSERT_EQ(experiment["deviations"].size(), 1u);
  EXPECT_EQ(experiment["deviations"][0]["pointer"], "/recipe/lr");
  EXPECT_EQ(experiment["deviations"][0]["set"], 0.5);
  EXPECT_EQ(plain["experiments"][0]["deviations"], Json::array());
  EXPECT_NE(plain["experiments"][0]["key"], experiment["key"]);
  EXPECT_EQ(plain["experiments"][0]["starts_from"], experiment["starts_from"]);
}

TEST_F(Explain, TextHoldsFigureSpecAndRun) {
  finish_run("table6", "Mask Low", 0, 80);
  const std::string text = harness({"explain", "table6/Mask Low/Top-1"}).out;
  for (const char* word : {"77.87 %", "measured by the authors", "80.00 %", "seed 0: 80",
                           "merged from", "pretrain/mae_mini_r40", "curve train_loss"})
    EXPECT_NE(text.find(word), std::string::npos) << word << "\n" << text;
}

TEST_F(Explain, DrawsTheLearningCurvesOfEverySeedAsOnePage) {
  finish_run("table6", "Mask Low", 0, 60);
  finish_run("table6", "Mask Low", 2, 61);
  const std::string file = workspace() / "curves.html";
  const Answer answer = harness({"explain", "table6/Mask Low", "--curves", file.c_str()});
  EXPECT_EQ(answer.code, 0) << answer.err;
  const std::string page = read_file(file);
  for (const char* part :
       {"<h1>Learning curves of Mask Low, Table 6, at smoke scale</h1>", "<h3>train_loss</h3>",
        ">seed 0</text>", ">seed 2</text>", "seed 2: 2.5 after 1 epochs, 1.25 after 2"})
    EXPECT_NE(page.find(part), std::string::npos) << part;
  EXPECT_EQ(page.find("<script"), std::string::npos);
  harness({"explain", "table6/Mask Low", "--curves", file.c_str(), "--seeds", "2"});
  EXPECT_EQ(read_file(file).find(">seed 0</text>"), std::string::npos);
}

TEST_F(Explain, CurvesThatNoRunHasAreAnErrorWithTheCommandThatMakesThem) {
  const std::string file = folder_.path() / "curves.html";
  const Answer answer = harness({"explain", "table6/Baseline", "--curves", file.c_str()});
  EXPECT_EQ(answer.code, 2);
  EXPECT_NE(answer.err.find("harness run table6 --scale smoke --only 'Baseline'"),
            std::string::npos)
      << answer.err;
  EXPECT_FALSE(std::filesystem::exists(file));
}

}  // namespace
}  // namespace mra
