#pragma once

#include <optional>
#include <vector>

#include "reports/judged.h"
#include "reports/report_table.h"

namespace mra {

/// Judges a claim about `table` by its report. Supported: every comparison is, each tested at
/// kAlpha. Contradicted: at least one is, after Holm's adjustment for their number. At scales other
/// than "paper" which row is better is all that is judged.
JudgedClaim judge(const Claim& claim, const TableSpec& table, const ReportTable& report);

/// Whether a measured cell reproduces the printed figure: nothing unless both are there and the
/// scale is the paper's. `claims`: those about the table, whose gaps give margins.
std::optional<JudgedCell> judge_cell(const ReportTable& report, const ReportCell& cell,
                                     const TableColumn& column, const std::vector<Claim>& claims);

}  // namespace mra
