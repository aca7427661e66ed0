#include "harness/cli/verdict_plan.h"

#include "harness/store/work.h"
#include "reports/report_files.h"
#include "tests/cli/cli_fixture.h"

namespace mra {
namespace {

/// Table 6 at smoke scale with made-up runs, on a machine whose rates are made up.
class VerdictPlans : public RunCli {
 protected:
  void finish(const std::string& row, const std::vector<double>& top1,
              const std::string& table = "table6") {
    for (size_t seed = 0; seed < top1.size(); ++seed)
      finish_run(table, row, int64_t(seed), top1[seed]);
  }
  /// The runs of a row then take `seconds` each.
  void put_rate(const ExperimentSpec& experiment, double seconds) {
    Rate rate;
    rate.machine = kMachine;
    rate.work = work_of(experiment.resolved);
    rate.images_per_s = *pictures_of(experiment.resolved) / seconds;
    rate.measured_utc = "2026-01-02T03:04:05Z";
    ResultStore(ResultStore::path_of(workspace())).put_rate(rate);
  }
  void put_rates(double seconds) {
    for (const TableRow& row : table_.rows) put_rate(row.experiments[0], seconds);
    put_rate(library_.experiment("pretrain/mae_mini_r40", "smoke"), 100);
  }

  VerdictPlan plan_for(double budget_s) { return plan_for(budget_s, table_); }
  VerdictPlan plan_for(double budget_s, const TableSpec& table) {
    const ResultStore store(ResultStore::path_of(workspace()));
    ReportOptions options;
    options.claims = library_.claims();
    const PlanRows plan_rows = [&](const TableSpec& rows, const std::vector<int64_t>& seeds) {
      PlanOptions wanted;
      wanted.workspace = workspace();
      wanted.machine = kMachine;
      wanted.seeds = seeds;
      return plan(library_, {rows}, store, wanted);
    };
    return plan_verdicts({table}, make_reports({table}, store, options), plan_rows, budget_s);
  }
  static std::vector<std::string> claims_of(const std::vector<VerdictPlan::Forecast>& forecasts) {
    std::vector<std::string> claims;
    for (const auto& one : forecasts) claims.push_back(one.claim);
    return claims;
  }

  static constexpr char kMachine[] = "made up, 2 cores";
  const SpecLibrary library_{std::string(HARNESS_SOURCE_DIR) + "/experiments"};
  const TableSpec table_ = library_.table("table6", "smoke");
};

using Ids = std::vector<std::string>;

TEST_F(VerdictPlans, TheClaimThatNeedsLeastTimeComesFirst) {
  // High is far below Baseline. Low above Random needs some seeds more, both above Baseline fewer.
  finish("Mask Low", {61.6, 62.6, 63.6}), finish("Mask Random", {60, 61, 63});
  finish("Baseline", {57.5, 59.5, 60.5}), finish("Mask High", {40, 41, 42});
  put_rates(1000);
  const VerdictPlan all = plan_for(1e6);
  EXPECT_EQ(all.decided_already, Ids{"t6-high-degrades"});
  ASSERT_EQ(all.decides.size(), 3u);
  for (size_t i = 1; i < all.decides.size(); ++i) EXPECT_GE(all.decides[i].s, all.decides[i - 1].s);
  EXPECT_TRUE(all.beyond.empty());
  for (const VerdictPlan::Step& step : all.steps) {
    EXPECT_TRUE(step.run.id.seed >= 3 || !step.run.trains() ||
                step.run.experiment.task != "supervised");
    EXPECT_FALSE(step.claims.empty());
  }
  EXPECT_EQ(all.steps.back().done_after_s, all.decides.back().s);

  const VerdictPlan some = plan_for(all.decides[0].s);
  EXPECT_EQ(claims_of(some.decides), Ids{all.decides[0].claim});
  EXPECT_EQ(some.beyond.size(), 2u);
  EXPECT_LE(some.steps.back().done_after_s, some.budget_s);
  EXPECT_TRUE(plan_for(1).steps.empty());
}

TEST_F(VerdictPlans, RunsThatClaimsShareAreDoneOnce) {
  finish("Mask Low", {62, 63, 64}), finish("Mask Random", {60, 61, 63});
  finish("Baseline", {58, 60, 61}), finish("Mask High", {40, 41, 42});
  put_rates(1000);
  std::set<RunId> seen;
  bool shared = false;
  for (const VerdictPlan::Step& step : plan_for(1e6).steps) {
    EXPECT_TRUE(seen.insert(step.run.id).second) << text(step.run.id);
    shared = shared || step.claims.size() > 1;
  }
  EXPECT_TRUE(shared);
}

TEST_F(VerdictPlans, WithoutARateNothingIsGuessed) {
  finish("Mask Low", {62, 63, 64}), finish("Mask Random", {60, 61, 63});
  finish("Baseline", {58, 60, 61}), finish("Mask High", {40, 41, 42});
  // The tiny records say how long each took, so only the pretraining is of unknown length.
  const VerdictPlan planned = plan_for(1e6);
  ASSERT_EQ(planned.unplanned.size(), 3u);
  EXPECT_NE(planned.unplanned[0].reason.find("no rate is known for pretrain/mae_mini_r40"),
            std::string::npos)
      << planned.unplanned[0].reason;
  EXPECT_TRUE(planned.steps.empty());
}

TEST_F(VerdictPlans, WithoutSpreadsTwoSeedsComeFirstAndNoVerdictIsPromised) {
  finish("Baseline", {60});
  put_rates(1000);
  const VerdictPlan planned = plan_for(1e6);
  EXPECT_TRUE(planned.decides.empty());
  EXPECT_EQ(planned.learns.size(), 4u);
  for (const VerdictPlan::Step& step : planned.steps) EXPECT_LT(step.run.id.seed, 2);
  const Json json = to_json(planned);
  EXPECT_EQ(json["learns_spread"].size(), 4u);
  EXPECT_EQ(json["runs"].size(), planned.steps.size());
  EXPECT_NE(text(planned, 120).find("two seeds then tell how many it takes"), std::string::npos);
}

TEST_F(VerdictPlans, AClaimAboutOneRowIsPlannedByTheSeedsOfThatRow) {
  finish("Shuffled labels", {6, 9, 13, 15}, "controls");
  finish("Baseline", {60, 61, 62}, "controls");  // two halves of seeds take four
  const VerdictPlan planned = plan_for(1e6, library_.table("controls", "smoke"));
  EXPECT_EQ(claims_of(planned.decides), Ids{"control-labels"});
  EXPECT_EQ(claims_of(planned.learns), Ids{"control-seeds"});
  for (const VerdictPlan::Step& step : planned.steps)
    EXPECT_GE(step.run.id.seed, step.claims == Ids{"control-labels"} ? 4 : 3);
}

TEST_F(VerdictPlans, TheCommandNeedsABudgetAndAGoalTogether) {
  EXPECT_EQ(harness({"plan", "--for", "verdicts"}).code, 2);
  EXPECT_EQ(harness({"plan", "table6", "--budget", "1h"}).code, 2);
  EXPECT_EQ(harness({"plan", "--for", "verdicts", "--budget", "1h", "--seeds", "0-2"}).code, 2);
  finish("Baseline", {60});
  const Answer answer = harness({"plan", "--for", "verdicts", "--budget", "1h", "--json"});
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_EQ(answer.json()["budget_s"], 3600);
}

}  // namespace
}  // namespace mra
