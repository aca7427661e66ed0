#pragma once

#include <string>

#include "reports/report_table.h"

namespace mra {

/// "[67.03, 76.97] (n=3), +1.50 to Baseline": what stands behind a measured mean. `baseline`: the
/// label of the row that Measured::to_baseline is about.
std::string measured_detail(const Measured& measured, const TableColumn& column,
                            const std::string& baseline);

/// Why a cell has no figure or not all seeds, and what fills it; "" when all is in.
std::string pending_text(const ReportCell& cell, const std::string& fill_command);

}  // namespace mra
