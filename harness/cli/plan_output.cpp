#include "harness/cli/plan_output.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/output.h"

namespace mra {

static Json run_json(const PlannedRun& run) {
  Json depends_on = Json::array();
  for (const RunId& id : run.depends_on) depends_on.push_back(id.key);
  return {{"key", run.id.key},
          {"seed", run.id.seed},
          {"experiment", run.experiment.name},
          {"kind", "train"},
          {"depends_on", depends_on},
          {"needed_by", run.needed_by},
          {"reason", run.reason},
          {"estimated_s", run.estimated_s ? Json(*run.estimated_s) : Json()}};
}

Json plan_json(const Plan& plan) {
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
    known_s += run.estimated_s.value_or(0);
    unknown += !run.estimated_s;
  }
  std::string text = fmt::format("{} run{}", plan.runs.size(), plan.runs.size() == 1 ? "" : "s");
  if (unknown < plan.runs.size())
    text += fmt::format(", about {} one after the other", short_duration(known_s));
  if (unknown > 0 && unknown < plan.runs.size())
    text += fmt::format(" and {} of unknown length", unknown);
  return text + "\n";
}

std::string plan_text(const Plan& plan, size_t width) {
  if (plan.runs.empty() && plan.unavailable.empty()) return "nothing to run: all is recorded\n";
  TextTable table{{"run", "experiment", "estimate", "why"}, {}};
  for (const PlannedRun& run : plan.runs) {
    const std::string others = fmt::format("{}", fmt::join(run.needed_by, ", "));
    const bool shared = run.needed_by.size() > 1 || others != run.experiment.name;
    table.rows.push_back({text(run.id), run.experiment.name,
                          run.estimated_s ? short_duration(*run.estimated_s) : "unknown",
                          run.reason + (shared ? "; needed by " + others : "")});
  }
  std::string text = table.render(false, width) + summary(plan);
  for (const UnavailableRun& run : plan.unavailable)
    text += fmt::format("unavailable: {}, seed {}: {}\n", run.needed_by, run.id.seed, run.reason);
  return text;
}

}  // namespace mra
