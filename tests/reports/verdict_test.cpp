#include "reports/verdict.h"

#include <cmath>

#include <gtest/gtest.h>

#include "reports/cell_verdict.h"
#include "reports/claim_words.h"
#include "reports/statistics.h"

namespace mra {
namespace {

/// A table with one column, "top1", and what was measured of it.
class Verdicts : public ::testing::Test {
 protected:
  Verdicts() {
    table_.id = report_.id = "table6";
    table_.scale = report_.scale = "paper";
    TableColumn& column = table_.columns.emplace_back();
    column.name = column.title = column.metric = "top1";
    column.unit = "%";
    report_.columns = table_.columns;
    claim_.id = "c";
    claim_.table = "table6";
    claim_.columns = {"top1"};
    claim_.kind = ClaimKind::kOrder;
    claim_.rows = {{"A", "B"}};
  }

  ReportCell& row(const std::string& label, const std::vector<double>& values,
                  const std::string& data = "imagenet") {
    TableRow& row = table_.rows.emplace_back();
    row.label = label;
    row.cells.emplace_back().experiment = 0;
    row.experiments.emplace_back().resolved = {{"dataset", {{"name", data}}}};
    ReportRow& filled = report_.rows.emplace_back();
    filled.label = label;
    ReportCell& cell = filled.cells.emplace_back();
    cell.runs = {"key-of-" + label};
    cell.state = values.empty() ? CellState::kFailed : CellState::kDone;
    if (values.empty()) return cell;
    Measured& measured = cell.measured.emplace();
    const Sample sample = summarize(values);
    measured.mean = sample.mean, measured.sd = sample.sd;
    measured.values = values;
    for (size_t i = 0; i < values.size(); ++i) measured.seeds.push_back(int64_t(i));
    return cell;
  }

  /// As if each seed had got the first so many of 100 pictures right.
  static void keep_right(ReportCell& cell, const std::vector<int>& first_right) {
    cell.state = CellState::kDone;
    Measured& measured = cell.measured.emplace();
    for (const int count : first_right) {
      measured.seeds.push_back(int64_t(measured.seeds.size()));
      measured.values.push_back(count);
      Evidence& one = measured.evidence.emplace_back(Evidence{"imagenet", "", "val", 100, {}});
      for (int i = 0; i < 100; ++i) one.right["top1"].push_back(i < count);
    }
  }

  JudgedClaim judged() const { return judge(claim_, table_, report_); }
  Verdict verdict() const { return judged().verdict; }
  void expect(Verdict wanted, const std::string& reason) const {
    const JudgedClaim found = judged();
    EXPECT_EQ(found.verdict, wanted);
    EXPECT_NE(found.reason.find(reason), std::string::npos) << found.reason;
  }
  void claim_gap(ClaimKind kind, double by, double margin) {
    claim_.kind = kind;
    claim_.by = by;
    claim_.margin = {margin, "half of the gap"};
  }

  TableSpec table_;
  ReportTable report_;
  Claim claim_;
};

}  // namespace

TEST_F(Verdicts, AnOrderIsSupportedContradictedOrUndecided) {
  row("A", {78.0, 78.2, 78.1}), row("B", {76.0, 76.3, 76.1});
  EXPECT_EQ(verdict(), Verdict::kSupported);
  EXPECT_NEAR(judged().comparisons[0].effect->value, 1.9667, 1e-3);
  EXPECT_EQ(judged().comparisons[0].runs.front(), "key-of-A-s0");
  claim_.rows = {{"B", "A"}};
  EXPECT_EQ(verdict(), Verdict::kContradicted);
  claim_.lower_is_better = true;
  EXPECT_EQ(verdict(), Verdict::kSupported);
}

TEST_F(Verdicts, AnUndecidedOneSaysHowManySeedsWouldDecide) {
  row("A", {77.0, 78.0, 77.5}), row("B", {76.8, 77.6, 77.2});
  const JudgedClaim found = judged();
  EXPECT_EQ(found.verdict, Verdict::kUndecided);
  // 0.3 above with a pooled spread of 0.453: t(2n - 2) * 0.453 * sqrt(2 / n) < 0.3 from n = 14 on.
  EXPECT_EQ(found.more_seeds, 11);
}

TEST_F(Verdicts, AnOrderByAtLeastAsMuchIsJudgedAtThatBound) {
  row("A", {78.0, 78.2, 78.1}), row("B", {76.0, 76.3, 76.1});
  claim_.by = 1;
  EXPECT_EQ(verdict(), Verdict::kSupported);
  claim_.by = 3;
  EXPECT_EQ(verdict(), Verdict::kContradicted);
}

TEST_F(Verdicts, AGapIsAMagnitudeOnlyAtThePapersScale) {
  row("A", {78.0, 78.2, 78.1}), row("B", {76.0, 76.3, 76.1});
  claim_gap(ClaimKind::kGap, 2, 1);
  EXPECT_EQ(verdict(), Verdict::kSupported);
  claim_.by = 4;
  EXPECT_EQ(verdict(), Verdict::kContradicted);
  EXPECT_FALSE(judged().as_order);
  report_.scale = "mini";
  EXPECT_EQ(verdict(), Verdict::kSupported);
  EXPECT_TRUE(judged().as_order);
}

TEST_F(Verdicts, NothingDiffersIsShownByAnIntervalAndNotByALackOfProof) {
  row("A", {78.0, 78.2, 78.1}), row("B", {78.1, 78.0, 78.2});
  claim_gap(ClaimKind::kEqual, 0, 0.3);
  EXPECT_EQ(verdict(), Verdict::kSupported);
  claim_.margin->value = 0.05;
  EXPECT_EQ(verdict(), Verdict::kUndecided);
  report_.scale = "smoke";
  expect(Verdict::kNotComparable, "only an order can be judged");
}

TEST_F(Verdicts, AControlIsJudgedInFullAtEveryScale) {
  row("A", {78.0, 78.2, 78.1}), row("B", {78.1, 78.0, 78.2});
  claim_gap(ClaimKind::kEqual, 0, 0.3);
  report_.scale = "smoke";
  claim_.control = true;
  EXPECT_EQ(verdict(), Verdict::kSupported);
  EXPECT_EQ(summary_text({judged()}, "smoke"),
            "Of 1 control at smoke scale: 1 supported, 0 contradicted, 0 undecided, "
            "0 not comparable.");
}

TEST_F(Verdicts, ALevelIsHeldAgainstTheRowAlone) {
  row("A", {9.0, 10.5, 10.0, 10.4});
  claim_gap(ClaimKind::kLevel, 10, 1.5);
  claim_.rows = {{"A"}};
  claim_.control = true;
  report_.scale = "smoke";
  EXPECT_EQ(verdict(), Verdict::kSupported);
  EXPECT_NEAR(judged().comparisons[0].effect->value, 9.975, 1e-9);
  EXPECT_EQ(judged().comparisons[0].second_seeds, 0u);
  claim_.by = 14;
  EXPECT_EQ(verdict(), Verdict::kContradicted);
  claim_.by = 11;
  EXPECT_EQ(verdict(), Verdict::kUndecided);
  EXPECT_GT(judged().more_seeds, 0);
}

TEST_F(Verdicts, HalvesOfTheSeedsAreComparedWithEachOther) {
  row("A", {78.0, 78.2, 78.1, 78.0});
  claim_gap(ClaimKind::kHalves, 0, 0.5);
  claim_.rows = {{"A"}};
  claim_.control = true;
  report_.scale = "smoke";
  EXPECT_EQ(verdict(), Verdict::kSupported);
  EXPECT_NEAR(judged().comparisons[0].effect->value, -0.05, 1e-9);  // 78.0 and 78.1, 78.2 and 78.0
  report_.rows[0].cells[0].measured->values = {78.0, 88.2, 78.1, 88.0};
  EXPECT_EQ(verdict(), Verdict::kContradicted);
  report_.rows[0].cells[0].measured->values = {78.0, 88.2};
  report_.rows[0].cells[0].measured->seeds = {0, 1};
  expect(Verdict::kUndecided, "A has 2 of the 4 seeds that this takes");
  EXPECT_EQ(judged().more_seeds, 2);
}

TEST_F(Verdicts, ARatioIsJudgedByLogarithms) {
  row("A", {960, 970, 950}), row("B", {160, 161, 159});
  claim_gap(ClaimKind::kRatio, 6, 0.5);
  EXPECT_EQ(verdict(), Verdict::kSupported);
  EXPECT_NEAR(judged().shown_effect(judged().comparisons[0]), 6, 1e-3);
  claim_.by = 5;
  EXPECT_EQ(verdict(), Verdict::kContradicted);
  claim_.by = 0.05;
  report_.scale = "mini";  // there only that the first is smaller, which it is not
  EXPECT_EQ(verdict(), Verdict::kContradicted);
}

TEST_F(Verdicts, WhatFollowsFromSpecsNeedsNoSeeds) {
  row("A", {}), row("B", {});
  table_.columns[0].kind = ColumnKind::kStructural;
  report_.rows[0].cells[0].structural = 15.5;
  report_.rows[1].cells[0].structural = 329.2;
  claim_gap(ClaimKind::kRatio, 0.05, 0.005);
  EXPECT_EQ(verdict(), Verdict::kSupported);
  claim_.by = 0.1;
  EXPECT_EQ(verdict(), Verdict::kContradicted);
}

TEST_F(Verdicts, AChainHoldsWhenEachLinkDoesAndFailsWhenOneIsReversed) {
  row("A", {78.0, 78.2, 78.1}), row("B", {76.0, 76.3, 76.1}), row("C", {74.0, 74.3, 74.1});
  claim_.rows = {{"A", "B", "C"}};
  EXPECT_EQ(verdict(), Verdict::kSupported);
  claim_.rows = {{"A", "C", "B"}};
  EXPECT_EQ(verdict(), Verdict::kContradicted);
  EXPECT_EQ(judged().comparisons[0].verdict, Verdict::kSupported);
}

TEST_F(Verdicts, OneOfManyIsHeldAgainstAClaimOnlyAfterHolm) {
  // Alone B above A is significant (p = 0.035); among four comparisons it is not.
  row("A", {77.0, 77.1, 77.2}), row("B", {77.2, 77.3, 77.35});
  ASSERT_EQ(verdict(), Verdict::kContradicted);
  for (const char* other : {"C", "D", "E"}) row(other, {77.05, 77.1, 77.15});
  claim_.rows = {{"A", "B"}, {"A", "C"}, {"A", "D"}, {"A", "E"}};
  EXPECT_EQ(verdict(), Verdict::kUndecided);
}

TEST_F(Verdicts, ASingleSeedDecidesOnlyWithADeclaredSpread) {
  row("A", {78.0}), row("B", {76.0});
  expect(Verdict::kUndecided, "A has one seed, so its spread is unknown");
  claim_.borrowed = {0.26, 3, "paper", "others"};
  EXPECT_EQ(verdict(), Verdict::kSupported);
  report_.scale = "mini";  // it is not the spread of this scale
  EXPECT_EQ(verdict(), Verdict::kUndecided);
}

TEST_F(Verdicts, BadEvidenceGivesNoVerdict) {
  row("A", {78.0, 78.2}), row("equal", {76, 76}), row("nan", {76, NAN}), row("failed", {}),
      row("other", {76, 76.1}, "shapes");
  report_.rows[3].cells[0].reason = "loss is not finite";
  const auto against = [&](const char* label) { claim_.rows = {{"A", label}}; };
  against("equal");
  expect(Verdict::kUndecided, "the seeds of equal all give 76");
  against("nan");
  expect(Verdict::kUndecided, "seed 1 of nan diverged");
  against("failed");
  expect(Verdict::kUndecided, "failed is failed: loss is not finite");
  against("other");
  expect(Verdict::kNotComparable, "A is trained on imagenet, other on shapes");
  against("A");
  report_.deviations = {"/recipe/epochs=5"};
  expect(Verdict::kNotComparable, "--set /recipe/epochs=5");
  report_.deviations.clear();
  claim_.columns = {"top5"};
  expect(Verdict::kNotComparable, "not measured at this scale");
}

TEST_F(Verdicts, TheSameSeedsOnTheSamePicturesAreComparedInPairs) {
  row("A", {}), row("B", {});
  const auto keep = [&](size_t row, const std::vector<int>& first_right) {
    keep_right(report_.rows[row].cells[0], first_right);
  };
  keep(0, {90, 96, 93}), keep(1, {86, 92, 90});  // seeds differ much, in both rows alike
  const JudgedClaim found = judged();
  EXPECT_EQ(found.verdict, Verdict::kSupported);
  ASSERT_TRUE(found.comparisons[0].paired);
  EXPECT_NEAR(found.comparisons[0].effect->value, 11.0 / 3, 1e-9);
  EXPECT_NE(details_text(found).find("(3 seeds, paired over 100 pictures)"), std::string::npos)
      << details_text(found);
  claim_.lower_is_better = true;
  EXPECT_EQ(verdict(), Verdict::kContradicted);
  claim_.lower_is_better = false;
  report_.rows[1].cells[0].measured->seeds = {0, 1, 3};  // other seeds are no pairs
  EXPECT_FALSE(judged().comparisons[0].paired);
  EXPECT_EQ(verdict(), Verdict::kUndecided);
}

TEST_F(Verdicts, OneSeedStaysUndecidedHoweverManyPicturesThereAre) {
  row("A", {}), row("B", {});
  keep_right(report_.rows[0].cells[0], {99});
  keep_right(report_.rows[1].cells[0], {10});
  expect(Verdict::kUndecided, "A has one seed, so its spread is unknown");
}

TEST_F(Verdicts, EvidenceOfOtherPicturesGivesNoVerdict) {
  row("A", {}), row("B", {});
  for (size_t i = 0; i < 2; ++i) keep_right(report_.rows[i].cells[0], {90, 96, 93});
  auto& evidence = report_.rows[1].cells[0].measured->evidence;
  evidence[2].manifest_sha256 = "other";
  expect(Verdict::kNotComparable,
         "evidence of B is of imagenet (val, 100 pictures, manifest other)");
  evidence[2].manifest_sha256 = "";
  evidence[0].dataset = "shapes";
  expect(Verdict::kNotComparable, "evidence of B is of shapes");
  for (Evidence& one : evidence) one.dataset = "shapes";
  expect(Verdict::kNotComparable, "evidence of B is of shapes");
  for (Evidence& one : evidence) one = {"imagenet", "m", "val", 100, one.right};
  table_.rows[1].experiments[0].resolved["dataset"]["train_pictures"] = 7;  // declared as another
  EXPECT_FALSE(judged().comparisons[0].paired);
  EXPECT_NE(verdict(), Verdict::kNotComparable);
}

TEST_F(Verdicts, ACellIsComparedWithThePrintedFigureAtThePapersScaleAlone) {
  ReportCell& cell = row("A", {77.8, 77.9, 78.0});
  cell.paper.emplace().value = 77.87;
  const auto judged = [&] { return judge_cell(report_, cell, report_.columns[0], {}); };
  ASSERT_TRUE(judged());
  EXPECT_EQ(judged()->verdict, Verdict::kSupported);  // 2.92 * 0.1 * sqrt(4/3) = 0.34 < 0.5
  EXPECT_EQ(judged()->margin.source, "convention for ImageNet accuracies, half a point");
  cell.paper->value = 74;
  EXPECT_EQ(judged()->verdict, Verdict::kContradicted);
  cell.paper->origin_spread = 4.14, cell.paper->origin_runs = 3;
  EXPECT_EQ(judged()->margin.value, 4.14);
  EXPECT_EQ(judged()->verdict, Verdict::kUndecided);  // three runs with that spread tell little
  EXPECT_GT(judged()->off->high, 8);
  report_.scale = "mini";
  EXPECT_FALSE(judged());
}

TEST_F(Verdicts, HalfOfTheSmallestClaimedGapIsAMarginOfCells) {
  ReportCell& cell = row("A", {77.8, 77.9, 78.0});
  cell.paper.emplace().value = 77.87;
  claim_gap(ClaimKind::kGap, 0.7, 0.35);
  Claim larger = claim_;
  larger.by = 2;
  EXPECT_EQ(judge_cell(report_, cell, report_.columns[0], {larger, claim_})->margin.value, 0.35);
}

TEST_F(Verdicts, AClaimIsShownByItsWeakestComparison) {
  claim_.kind = ClaimKind::kRatio;
  claim_.by = 0.5;
  claim_.margin = {0.1, "a tenth"};
  claim_.rows = {{"A", "B"}, {"A", "C"}};
  row("A", {10, 11});
  row("B", {40, 41});
  row("C", {20, 21});
  EXPECT_EQ(lay_out(judged()).effect.substr(0, 5), "0.512");  // to C, not the 0.259 to B
  claim_.by = 2;
  EXPECT_EQ(lay_out(judged()).effect.substr(0, 5), "0.259");
}

}  // namespace mra
