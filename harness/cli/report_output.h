#pragma once

#include <string>
#include <vector>

#include "harness/cli/context.h"
#include "reports/report_table.h"

namespace mra {

/// What the database holds for `tables`, which --set may have changed: then their notes say so.
/// `with_run_folders`: cells that are not done tell the state of their run directories too.
std::vector<ReportTable> make_reports(const Context& context, const std::vector<TableSpec>& tables,
                                      const ResultStore& store, const Selection& selection,
                                      bool with_run_folders);

/// Whether every cell is measured with every seed that was asked for.
bool is_finished(const ReportTable& table);

}  // namespace mra
