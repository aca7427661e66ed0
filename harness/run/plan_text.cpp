#include "harness/run/plan_text.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/text_table.h"
#include "harness/base/units.h"

namespace mra {

static Json run_json(const PlannedRun& run) {
  Json depends_on = Json::array();
  for (const RunId& id : run.depends_on) depends_on.push_back(id.key);
  return {{"key", run.id.key},
          {"seed", run.id.seed},
          {"experiment", run.experiment.name},
          {"kind", run.trains() ? "train" : "evaluate"},
          {"depends_on", depends_on},
          {"needed_by", run.needed_by},
          {"reason", run.reason},
          {"estimated_s", run.estimate ? Json(run.estimate->seconds) : Json()},
          {"estimate_basis", run.estimate ? Json(run.estimate->basis) : Json()}};
}

Json to_json(const Plan& plan) {
  Json runs = Json::array(), unavailable = Json::array();
  for (const PlannedRun& run : plan.runs) runs.push_back(run_json(run));
  for (const UnavailableRun& run : plan.unavailable)
    unavailable.push_back({{"key", run.id.key},
                           {"seed", run.id.seed},
                           {"needed_by", run.needed_by},
                           {"reason", run.reason}});
  return {{"runs", runs}, {"unavailable", unavailable}};
}

/// "5 runs, about 3m05s one after the other" as far as estimates are known.
static std::string summary(const Plan& plan) {
  double known_s = 0;
  size_t unknown = 0;
  for (const PlannedRun& run : plan.runs) {
    known_s += run.estimate ? run.estimate->seconds : 0;
    unknown += !run.estimate;
  }
  std::string text = fmt::format("{} run{}", plan.runs.size(), plan.runs.size() == 1 ? "" : "s");
  if (unknown < plan.runs.size())
    text += fmt::format(", about {} one after the other", short_duration(known_s));
  if (unknown > 0)
    text += fmt::format("{}{} of unknown length: harness bench train measures the rates",
                        unknown < plan.runs.size() ? " and " : ", ",
                        unknown < plan.runs.size() ? std::to_string(unknown) : "all");
  return text + "\n";
}

/// Each reason once, with the rows that it stops.
static std::string unavailable_text(const Plan& plan) {
  std::vector<std::pair<std::string, std::vector<std::string>>> by_reason;
  for (const UnavailableRun& run : plan.unavailable) {
    auto found = std::find_if(by_reason.begin(), by_reason.end(),
                              [&](const auto& entry) { return entry.first == run.reason; });
    if (found == by_reason.end()) found = by_reason.insert(found, {run.reason, {}});
    if (std::count(found->second.begin(), found->second.end(), run.needed_by) == 0)
      found->second.push_back(run.needed_by);
  }
  std::string text;
  for (const auto& [reason, rows] : by_reason)
    text += fmt::format("unavailable: {}: {}\n", fmt::join(rows, ", "), reason);
  return text;
}

static std::string why(const PlannedRun& run) {
  std::string why = run.reason;
  const std::string others = fmt::format("{}", fmt::join(run.needed_by, ", "));
  if (run.needed_by.size() > 1 || others != run.experiment.name) why += "; needed by " + others;
  if (run.estimate) why += "; " + run.estimate->basis;
  return why;
}

std::string plan_text(const Plan& plan, size_t width) {
  if (plan.runs.empty() && plan.unavailable.empty()) return "nothing to run: all is recorded\n";
  TextTable table{{"run", "experiment", "estimate", "why"}, {}};
  for (const PlannedRun& run : plan.runs)
    table.rows.push_back({text(run.id), run.experiment.name,
                          run.estimate ? short_duration(run.estimate->seconds) : "unknown",
                          why(run)});
  return table.render(false, width) + summary(plan) + unavailable_text(plan);
}

}  // namespace mra
