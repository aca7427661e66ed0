#pragma once

#include "reports/judged.h"
#include "reports/report_table.h"

namespace mra {

/// Judges a claim about `table` by its report. Supported: every comparison is, each tested at
/// kAlpha. Contradicted: at least one is, after Holm's adjustment for their number. At scales other
/// than "paper" which row is better is all that is judged.
JudgedClaim judge(const Claim& claim, const TableSpec& table, const ReportTable& report);

}  // namespace mra
