#pragma once

#include <string>
#include <utility>
#include <vector>

#include "reports/report_table.h"

namespace mra {

/// One run behind the figures in words: {title, words} of each column.
using ListedRun = std::vector<std::pair<std::string, std::string>>;

/// All runs of ReportTable::records, each once: by key, then seed.
std::vector<ListedRun> run_list(const std::vector<ReportTable>& tables);

}  // namespace mra
