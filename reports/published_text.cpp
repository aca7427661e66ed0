#include "reports/published_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mra {

std::string number(double value, const TableColumn& column) {
  if (column.kind == ColumnKind::kQuoted) return fmt::format("{}", value);
  return fmt::format("{:.{}f}", value, column.decimals);
}

std::string origin_text(const Origin& origin) {
  return fmt::format("taken from {}{}{}", origin.title, origin.protocol.empty() ? "" : ": ",
                     origin.protocol);
}

/// Whether the original publication prints the same figure as this paper.
static bool is_same(const Published& paper, const TableColumn& column) {
  return paper.value && paper.origin_value &&
         number(*paper.value, column) == number(*paper.origin_value, column);
}

std::string origin_detail(const Published& paper, const TableColumn& column) {
  if (!is_same(paper, column) || paper.spread) return "";
  std::vector<std::string> parts;
  if (paper.origin_spread) parts.push_back("± " + number(*paper.origin_spread, column));
  if (paper.origin_runs) parts.push_back(fmt::format("n={}", *paper.origin_runs));
  return parts.empty() ? "" : fmt::format("(there {})", fmt::join(parts, ", "));
}

std::string origin_remark(const Published& paper, const TableColumn& column, const Origin& origin) {
  if (!paper.origin_value) return "";
  const bool same_spread = !paper.spread || paper.spread == paper.origin_spread;
  if (is_same(paper, column) && same_spread) return "";
  std::string text = fmt::format("{} prints {}", origin.title, number(*paper.origin_value, column));
  if (paper.origin_spread) text += " ± " + number(*paper.origin_spread, column);
  if (paper.origin_runs) text += fmt::format(" over {} runs", *paper.origin_runs);
  return text;
}

}  // namespace mra
