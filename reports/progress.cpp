#include "reports/progress.h"

#include <fmt/format.h>

namespace mra {

Progress progress_of(const ReportTable& table) {
  Progress progress;
  for (const ReportRow& row : table.rows)
    for (const ReportCell& cell : row.cells) {
      if (cell.state.empty()) continue;
      ++progress.all;
      progress.done += cell.state == "done";
      progress.unavailable += cell.state == "unavailable";
    }
  return progress;
}

std::string progress_text(const Progress& progress) {
  if (progress.all == 0) return "nothing to measure";
  if (progress.done == progress.all) return "finished";
  std::string text = fmt::format("{} of {} cells measured", progress.done, progress.all);
  if (progress.unavailable > 0) text += fmt::format(", {} unavailable", progress.unavailable);
  return text;
}

}  // namespace mra
