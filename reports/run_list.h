#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reports/report_table.h"

namespace mra {

/// One run behind the figures as text: {title, text} for each column.
using ListedRun = std::vector<std::pair<std::string, std::string>>;

/// All runs of ReportTable::records, each once, sorted by key and seed.
std::vector<ListedRun> run_list(const std::vector<ReportTable>& tables);

}  // namespace mra
