#pragma once

#include "reports/report_table.h"

namespace mra {

/// Fills Measured::paired of every cell whose column asks for it, where both rows were measured.
void add_paired_differences(const TableSpec& table, const ResultStore& store, ReportTable& report);

}  // namespace mra
