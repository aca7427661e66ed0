#include "reports/measured_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/published_text.h"

namespace mra {

/// "+1.50", "-0.20"
static std::string difference(double value, const TableColumn& column) {
  return fmt::format("{}{}", value < 0 ? "" : "+", number(value, column));
}

static std::string range(double low, double high, const TableColumn& column) {
  return fmt::format("[{}, {}] ", number(low, column), number(high, column));
}

std::string measured_detail(const Measured& measured, const TableColumn& column,
                            const std::string& baseline) {
  std::string detail;
  if (measured.ci95)
    detail = range(measured.mean - *measured.ci95, measured.mean + *measured.ci95, column);
  if (const auto& pictures = measured.over_pictures)
    detail = range(pictures->low, pictures->high, column);
  detail += fmt::format("(n={}", measured.values.size());
  if (measured.within_run_ci95)
    detail +=
        fmt::format("; {} ± {}", column.spread_over, number(*measured.within_run_ci95, column));
  detail += ")";
  if (const auto& paired = measured.paired)
    return detail + fmt::format(", {} ± {} to {}", difference(paired->mean, column),
                                number(paired->ci95, column), paired->with);
  if (measured.to_baseline)
    detail += fmt::format(", {} to {}", difference(*measured.to_baseline, column), baseline);
  return detail;
}

/// Whether `harness run` would go on with the cell.
static bool is_run_missing(const ReportCell& cell) {
  return cell.state && cell.state != CellState::kDone && cell.state != CellState::kRunning &&
         cell.state != CellState::kUnavailable;
}

std::string pending_text(const ReportCell& cell, const std::string& fill_command) {
  std::vector<std::string> parts;
  if (cell.measured && !cell.pending_seeds.empty())
    parts.push_back(fmt::format("some seeds are missing: {} {}",
                                fmt::join(cell.pending_seeds, ", "),
                                cell.state == CellState::kPartial ? "pending" : state_text(cell)));
  if (!cell.reason.empty()) parts.push_back(cell.reason);
  if (is_run_missing(cell) && !fill_command.empty())
    parts.push_back("fill it with " + fill_command);
  return fmt::format("{}", fmt::join(parts, "; "));
}

}  // namespace mra
