#include "reports/sensitivity.h"

#include <gtest/gtest.h>

namespace mra {
namespace {

/// A report with one row, its run, its figure and the verdict of one claim.
ReportTable report(const std::string& run, double top1, Verdict verdict) {
  ReportTable table;
  table.id = "table6";
  table.scale = "smoke";
  table.columns.emplace_back().title = "Top-1";
  ReportRow& row = table.rows.emplace_back();
  row.label = "Mask Low";
  ReportCell& cell = row.cells.emplace_back();
  cell.runs = {run};
  Measured& measured = cell.measured.emplace();
  measured.mean = top1;
  measured.seeds = {0};
  measured.values = {top1};
  JudgedClaim& claim = table.claims.emplace_back();
  claim.claim.id = "t6-order";
  claim.verdict = verdict;
  return table;
}

Sensitivity compared(const ReportTable& usual, const ReportTable& other) {
  OpenChoice choice;
  choice.id = "mra-score";
  return compare_answers(choice, {"mean_softmax", {"/a=1"}, ""}, usual, other);
}

}  // namespace

TEST(SensitivityOfATable, TellsChangedCellsAndTurnedVerdicts) {
  const ReportTable usual = report("one", 80, Verdict::kSupported);
  const auto answer = compared(usual, report("two", 78.5, Verdict::kContradicted));
  ASSERT_EQ(answer.cells.size(), 1u);
  EXPECT_TRUE(answer.verdicts.at(0).turns());
  const std::string text = sensitivity_text({answer}, {}, usual);
  EXPECT_NE(text.find("1 verdicts turn"), std::string::npos) << text;
  EXPECT_NE(text.find("Mask Low, Top-1: 80.00 (n=1) -> 78.50 (n=1), -1.50"), std::string::npos);
  EXPECT_NE(text.find("TURNS t6-order: supported -> contradicted"), std::string::npos);
  EXPECT_EQ(to_json({answer}, {}, usual)["alternatives"][0]["label"], "mra-score/mean_softmax");
}

TEST(SensitivityOfATable, AnUndecidedVerdictHasNotTurned) {
  const ReportTable usual = report("one", 80, Verdict::kSupported);
  const auto answer = compared(usual, report("two", 79, Verdict::kUndecided));
  EXPECT_FALSE(answer.verdicts.at(0).turns());
  EXPECT_NE(sensitivity_text({answer}, {}, usual).find("claim t6-order: supported -> undecided"),
            std::string::npos);
}

TEST(SensitivityOfATable, TheSameRunIsNoChange) {
  const ReportTable usual = report("one", 80, Verdict::kSupported);
  EXPECT_TRUE(compared(usual, usual).cells.empty());
}

TEST(SensitivityOfATable, WhatIsNotRunTellsWhatItNeeds) {
  OpenChoice choice;
  choice.id = "mini-decoder";
  choice.alternatives = {{"wide", {}, "a pretraining"}};
  const ReportTable usual = report("one", 80, Verdict::kSupported);
  EXPECT_NE(sensitivity_text({}, {choice}, usual).find("not run: needs a pretraining"),
            std::string::npos);
  EXPECT_EQ(to_json({}, {choice}, usual)["needing_more"][0]["needs"], "a pretraining");
}

}  // namespace mra
