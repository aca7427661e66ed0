#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/text_table.h"
#include "harness/base/units.h"
#include "harness/cli/verdict_plan.h"
#include "harness/run/plan_text.h"

namespace mra {

static Json forecasts_json(const std::vector<VerdictPlan::Forecast>& forecasts, const char* time) {
  Json list = Json::array();
  for (const auto& one : forecasts) list.push_back({{"claim", one.claim}, {time, one.s}});
  return list;
}

Json to_json(const VerdictPlan& plan) {
  Plan runs;
  for (const VerdictPlan::Step& step : plan.steps) runs.runs.push_back(step.run);
  Json steps = to_json(runs)["runs"], unplanned = Json::array();
  for (size_t i = 0; i < plan.steps.size(); ++i) {
    steps[i]["claims"] = plan.steps[i].claims;
    steps[i]["done_after_s"] = plan.steps[i].done_after_s;
  }
  for (const auto& one : plan.unplanned)
    unplanned.push_back({{"claim", one.claim}, {"reason", one.reason}});
  return {{"budget_s", plan.budget_s},
          {"runs", steps},
          {"decided_already", plan.decided_already},
          {"decides", forecasts_json(plan.decides, "after_s")},
          {"learns_spread", forecasts_json(plan.learns, "after_s")},
          {"beyond_budget", forecasts_json(plan.beyond, "needs_s")},
          {"unplanned", unplanned}};
}

static std::string forecasts_text(const std::string& title,
                                  const std::vector<VerdictPlan::Forecast>& forecasts,
                                  const char* time) {
  std::string text = forecasts.empty() ? "" : fmt::format("{}:\n", title);
  for (const auto& one : forecasts)
    text += fmt::format("  {} {} {}\n", one.claim, time, short_duration(one.s));
  return text;
}

std::string text(const VerdictPlan& plan, size_t width) {
  TextTable table{{"run", "experiment", "estimate", "done after", "for"}, {}};
  for (const VerdictPlan::Step& step : plan.steps)
    table.rows.push_back(
        {text(step.run.id), step.run.experiment.name, short_duration(step.run.estimate->seconds),
         short_duration(step.done_after_s), fmt::format("{}", fmt::join(step.claims, ", "))});
  std::string told = plan.steps.empty() ? "" : table.render(false, width);
  told += fmt::format(
      "within {}: {} runs, {}; {} claims are decided already, {} more are expected to be\n",
      short_duration(plan.budget_s), plan.steps.size(),
      short_duration(plan.steps.empty() ? 0 : plan.steps.back().done_after_s),
      plan.decided_already.size(), plan.decides.size());
  told += forecasts_text("decided, if means and spreads stay as they are", plan.decides, "after");
  told += forecasts_text("not decided, but two seeds then tell how many it takes", plan.learns,
                         "after");
  told += forecasts_text("beyond the budget", plan.beyond, "needs");
  if (!plan.unplanned.empty()) told += "no time decides, as far as is known:\n";
  for (const auto& one : plan.unplanned) told += fmt::format("  {}: {}\n", one.claim, one.reason);
  return told;
}

}  // namespace mra
