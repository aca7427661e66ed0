#pragma once

#include <string>

#include "reports/report_table.h"

namespace mra {

/// How many of its cells runs fill, and how many of those are done.
struct Progress {
  size_t done = 0, all = 0, unavailable = 0;
};
Progress progress_of(const ReportTable& table);
/// "finished", "3 of 8 cells measured, 2 unavailable"
std::string progress_text(const Progress& progress);

}  // namespace mra
