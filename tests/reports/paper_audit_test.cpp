#include "reports/paper_audit.h"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "tests/support/temp_dir.h"

namespace mra {

namespace fs = std::filesystem;

/// A table of two rows, laid over the experiments of the program.
class PaperAudits : public ::testing::Test {
 protected:
  PaperAudits() {
    table_ = Json::parse(R"({
      "title": "Made up", "base": "recipes/ablation_r50_90ep",
      "columns": [ { "name": "top1", "metric": "top1", "decimals": 1 },
                   { "name": "top5", "metric": "top5", "decimals": 1 } ],
      "rows": [
        { "label": "Plain", "paper": {
            "top1": { "value": 70.0, "origin": "others", "origin_value": 70.0 }, "top5": 90.0 } },
        { "label": "Better", "paper": { "top1": 72.5, "top5": 91.0 },
          "with": { "batch_transforms": [ { "cutmix": {} } ] } } ] })");
    claim_ = Json::parse(R"({
      "sentence": "2.5 better", "place": "section 1", "table": "mine", "columns": ["top1"],
      "kind": "gap", "rows": [["Better", "Plain"]], "by": 2.5,
      "margin": { "value": 1, "source": "convention" } })");
    statement_ = Json::parse(R"({ "sentence": "it reaches 72.5", "place": "section 1",
      "table": "mine", "row": "Better", "column": "top1", "value": 72.5 })");
    origin_ = Json::parse(R"({ "title": "Others", "facts": { "/recipe/epochs": 90 } })");
  }

  PaperAudit audit() const {
    const TempDir folder;
    fs::create_directory(folder / "tables");
    const auto write = [&](const char* name, const Json& json) {
      std::ofstream(folder / name) << json;
    };
    write("tables/mine.json", table_);
    write("claims.json", {{"gain", claim_}});
    write("statements.json", {{"reached", statement_}});
    write("origins.json", {{"others", origin_}});
    return audit_paper(SpecLibrary(ExperimentFolders({kShipped, folder.path()})), {"mine"});
  }

  PaperCheck only_finding(const std::string& kind) const {
    const PaperAudit found = audit();
    PaperCheck finding;
    size_t count = 0;
    for (const PaperCheck& check : found.checks)
      if (!check.agrees) ++count, finding = check;
    EXPECT_EQ(count, 1u) << audit_text(found);
    EXPECT_EQ(finding.kind, kind);
    return finding;
  }

  Json& paper(size_t row) { return table_["rows"][row]["paper"]; }

  const fs::path kShipped = fs::path(HARNESS_SOURCE_DIR) / "experiments";
  Json table_, claim_, statement_, origin_;
};

TEST_F(PaperAudits, FindNothingWhereEverythingAgrees) {
  const PaperAudit found = audit();
  EXPECT_GE(found.checks.size(), 4u);
  for (const PaperCheck& check : found.checks) EXPECT_TRUE(check.agrees) << audit_text(found);
  EXPECT_EQ(found.taken.at("others").figures, 1u);
  EXPECT_EQ(found.taken.at("others").differing, 0u);
  EXPECT_EQ(found.own_figures, 3u);
}

TEST_F(PaperAudits, ComputeClaimedGapsAgain) {
  claim_["by"] = 2.6;  // 72.5 and 70.0 may be rounded from 72.54 and 69.96
  EXPECT_TRUE(audit().checks.front().agrees);
  claim_["by"] = 2.7;
  const PaperCheck finding = only_finding("claim");
  EXPECT_EQ(finding.said, 2.7);
  EXPECT_EQ(finding.found, 2.5);
  EXPECT_EQ(finding.claims, std::vector<std::string>{"gain"});
  ASSERT_EQ(finding.places.size(), 2u);
  EXPECT_EQ(finding.places[0].row, "Better");
}

TEST_F(PaperAudits, ComputeOrdersAndRatiosAgain) {
  claim_ = Json::parse(R"({ "sentence": "worse", "place": "section 1", "table": "mine",
    "kind": "order", "rows": [["Plain", "Better"]], "columns": ["top1"] })");
  EXPECT_EQ(only_finding("claim").found, -2.5);
  claim_["lower_is_better"] = true;
  for (const PaperCheck& check : audit().checks) EXPECT_TRUE(check.agrees);
  claim_.erase("lower_is_better");
  claim_.update({{"kind", "ratio"}, {"by", 1.5}, {"margin", {{"value", 0.1}, {"source", "s"}}}});
  EXPECT_EQ(only_finding("claim").said, 1.5);
}

TEST_F(PaperAudits, HoldClaimsAgainstThePublishedSpreads) {
  paper(0)["top1"].update({{"origin_spread", 1.0}, {"origin_runs", 3}});
  for (const PaperCheck& check : audit().checks) EXPECT_TRUE(check.agrees);
  paper(0)["top1"]["origin_spread"] = 4.0;
  const PaperCheck finding = only_finding("spread");
  EXPECT_LT(finding.found[0], 0);
  EXPECT_GT(finding.found[1], 5);
  EXPECT_NE(finding.remark.find("Better has no published spread"), std::string::npos);
}

TEST_F(PaperAudits, CompareNumbersOfTheTextWithCells) {
  statement_["value"] = 72.4;
  EXPECT_EQ(only_finding("text").found, 72.5);
  statement_["row"] = "Bettr";
  try {
    audit();
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("there is no row 'Bettr'"), std::string::npos);
  }
}

TEST_F(PaperAudits, ComputeSumsAgain) {
  statement_ = {{"sentence", "a sum"}, {"place", "section 1"}, {"table", "mine"}};
  statement_["column"] = "top5";
  statement_["sum_of"] = {{"top1", 1.2857}};
  const PaperCheck finding = only_finding("text");  // 1.2857 * 70 = 90.0, and * 72.5 = 93.2
  EXPECT_EQ(finding.places[0].row, "Better");
  EXPECT_EQ(finding.said, 91.0);
  EXPECT_EQ(finding.found, 93.2);
}

TEST_F(PaperAudits, CompareFiguresWithThePublicationTheyAreFrom) {
  paper(0)["top1"]["origin_value"] = 69.9;
  origin_["figures"] = {{"another method", 70.0}};
  const PaperCheck finding = only_finding("origin");
  EXPECT_EQ(finding.found, 69.9);
  EXPECT_EQ(finding.remark, "equals its another method");
  EXPECT_EQ(finding.claims, std::vector<std::string>{"gain"});
}

TEST_F(PaperAudits, CompareSettingsWithThoseOfThePublication) {
  origin_["facts"] = {{"/recipe/epochs", {270, 300}}};
  const PaperCheck finding = only_finding("protocol");
  EXPECT_EQ(finding.said, 90);
  EXPECT_EQ(finding.found, Json({270, 300}));
  EXPECT_EQ(finding.claims, std::vector<std::string>{"gain"});
  origin_["facts"] = {{"/recipe/epochs", {90, 300}}};
  for (const PaperCheck& check : audit().checks) EXPECT_TRUE(check.agrees);
}

TEST_F(PaperAudits, FindAFigureThatStandsTwice) {
  paper(1)["top5"] = 90.0;
  EXPECT_EQ(only_finding("twice").places[1].row, "Better");
}

TEST_F(PaperAudits, FindASizeThatContradictsTheNumberOfParameters) {
  table_["columns"].push_back({{"name", "depth"}, {"kind", "structural"}, {"decimals", 0}});
  table_["columns"][2]["pointer"] = "/model/depth";
  table_["columns"].push_back({{"name", "size"}, {"kind", "structural"}, {"decimals", 1}});
  table_["columns"][3]["pointer"] = "parameters";
  table_["rows"][1]["with"] = Json::parse(
      R"({ "batch_transforms": [ { "mra": { "weights": "run:pretrain/mae_mini_r40" } } ] })");
  paper(1).update({{"depth", 4}, {"size", 15.5}});
  for (const PaperCheck& check : audit().checks) EXPECT_TRUE(check.agrees);
  paper(1)["depth"] = 3;
  std::vector<PaperCheck> findings;
  for (const PaperCheck& check : audit().checks)
    if (!check.agrees) findings.push_back(check);
  ASSERT_EQ(findings.size(), 2u);  // the spec has 4, and 3 give fewer parameters
  EXPECT_EQ(findings[0].found, 4);
  EXPECT_EQ(findings[1].found, 12.7);
}

TEST(PaperAudit, FindsWhatIsKnownOfThePaper) {
  const SpecLibrary library(fs::path(HARNESS_SOURCE_DIR) / "experiments");
  const PaperAudit audit = audit_paper(library, library.table_ids());
  const auto finds = [&](const std::string& kind, const std::string& table, const std::string& row,
                         const Json& said, const Json& found) {
    return std::any_of(audit.checks.begin(), audit.checks.end(), [&](const PaperCheck& check) {
      return !check.agrees && check.kind == kind && check.said == said && check.found == found &&
             std::any_of(check.places.begin(), check.places.end(), [&](const PaperPlace& place) {
               return place.table == table && place.row == row;
             });
    });
  };
  EXPECT_TRUE(finds("origin", "table4", "PseudoLabel", 47.94, 44.55));
  EXPECT_TRUE(finds("protocol", "table6", "Baseline", 90, 300));
  EXPECT_TRUE(finds("protocol", "table8", "Cutout", 90, 300));
  EXPECT_TRUE(finds("same figure", "table8", "Cutout", 77.07, 77.07));
  EXPECT_TRUE(finds("size", "table9", "MAE-Large", 12, 24));
  EXPECT_TRUE(finds("size", "table9", "MAE-Large", 329.2, 178.1));
  EXPECT_TRUE(finds("text", "table9", "MAE-Base", 6, 8));
  EXPECT_TRUE(finds("twice", "table9", "MAE-Mini 0.40", 963, 963));
  EXPECT_EQ(audit.taken.at("closer_look").figures, 20u);
}

}  // namespace mra
