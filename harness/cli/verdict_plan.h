#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/run/plan.h"
#include "reports/report_table.h"

namespace mra {

/// The runs to do first when verdicts on claims are wanted and time is short.
struct VerdictPlan {
  struct Step {
    PlannedRun run;
    std::vector<std::string> claims;  ///< ids of those it serves
    double done_after_s = 0;          ///< when all steps are done one after the other
  };
  struct Forecast {
    std::string claim;
    double s = 0;  ///< after so much; of `beyond`: so much is needed beside the steps
  };
  struct Unplanned {
    std::string claim, reason;
  };

  double budget_s = 0;
  std::vector<Step> steps;
  std::vector<std::string> decided_already;
  std::vector<Forecast> decides;  ///< with these steps, if means and spreads stay as they are
  std::vector<Forecast> learns;   ///< their spreads are known then, so a forecast can be made
  std::vector<Forecast> beyond;   ///< do not fit the budget
  std::vector<Unplanned> unplanned;
};

/// Plans the rows of a table with these seeds.
using PlanRows = std::function<Plan(const TableSpec&, const std::vector<int64_t>& seeds)>;

/// Chooses runs by verdicts expected per hour: again and again the claim whose missing runs bring
/// most verdicts for their time, as other claims may share them; afterwards, in the same way, those
/// that are not judged yet for lack of a second seed. `tables` and `reports`: the same, in the same
/// order.
VerdictPlan plan_verdicts(const std::vector<TableSpec>& tables,
                          const std::vector<ReportTable>& reports, const PlanRows& plan_rows,
                          double budget_s);

Json to_json(const VerdictPlan& plan);
std::string text(const VerdictPlan& plan, size_t width);

}  // namespace mra
