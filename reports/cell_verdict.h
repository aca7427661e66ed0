#pragma once

#include <optional>
#include <vector>

#include "reports/judged.h"
#include "reports/report_table.h"

namespace mra {

/// Whether a measured cell reproduces the printed figure: nothing unless both are there and the
/// scale is the paper's. `claims`: those about the table, whose gaps give margins.
std::optional<JudgedCell> judge_cell(const ReportTable& report, const ReportCell& cell,
                                     const TableColumn& column, const std::vector<Claim>& claims);

}  // namespace mra
