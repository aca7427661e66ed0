#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/renderers.h"

namespace mra {

namespace {

/// Notes below a table, numbered in the order they are first needed.
class Footnotes {
 public:
  /// " [1]"; nothing for an empty text.
  std::string mark(const std::string& text) {
    if (text.empty()) return "";
    auto found = std::find(texts_.begin(), texts_.end(), text);
    if (found == texts_.end()) found = texts_.insert(texts_.end(), text);
    return fmt::format(" [{}]", found - texts_.begin() + 1);
  }

  std::string text() const {
    std::string text;
    for (size_t i = 0; i < texts_.size(); ++i)
      text += fmt::format("{}[{}] {}  \n", i == 0 ? "\n" : "", i + 1, texts_[i]);
    return text;
  }

 private:
  std::vector<std::string> texts_;
};

using Grid = std::vector<std::vector<std::string>>;  // rows of text cells, the head first

}  // namespace

/// Places a text takes on a terminal: its code points.
static size_t width(const std::string& text) {
  return size_t(std::count_if(text.begin(), text.end(), [](unsigned char byte) {
    return (byte & 0xC0) != 0x80;  // not a continuation byte of UTF-8
  }));
}

static std::string escaped(const std::string& text) {
  std::string escaped;
  for (const char letter : text) {
    if (letter == '|') escaped += '\\';
    escaped += letter;
  }
  return escaped;
}

/// "table6" -> "Table 6"
static std::string heading(const std::string& id) {
  const size_t digits = id.find_first_of("0123456789");
  std::string text = digits == std::string::npos
                         ? id
                         : fmt::format("{} {}", id.substr(0, digits), id.substr(digits));
  if (!text.empty()) text[0] = char(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

static std::string pending_note(const ReportCell& cell) {
  std::string note;
  if (cell.measured && !cell.pending_seeds.empty())
    note = fmt::format("not all seeds are in: {} {}", fmt::join(cell.pending_seeds, ", "),
                       cell.state == "partial" ? "pending" : cell.state);
  if (!cell.reason.empty()) note += (note.empty() ? "" : "; ") + cell.reason;
  return note;
}

static std::string measured_text(const ReportCell& cell, int decimals, Footnotes& notes) {
  const std::string mark = notes.mark(pending_note(cell));
  if (!cell.measured) return cell.state + mark;
  const Measured& measured = *cell.measured;
  std::string text = fmt::format("{:.{}f}", measured.mean, decimals);
  if (measured.sd) text += fmt::format(" ± {:.{}f}", *measured.sd, decimals);
  return fmt::format("{} (n={}){}", text, measured.values.size(), mark);
}

static Grid grid_of(const ReportTable& table, Footnotes& notes) {
  Grid grid(1, {""});
  for (const TableColumn& column : table.columns) {
    const std::string title =
        column.unit.empty() ? column.title : fmt::format("{} ({})", column.title, column.unit);
    grid[0].push_back(title + ", paper");
    grid[0].push_back(title + ", measured");
  }
  for (const ReportRow& row : table.rows) {
    auto& texts = grid.emplace_back(1, escaped(row.label) + notes.mark(row.note));
    for (size_t i = 0; i < row.cells.size(); ++i) {
      const int decimals = table.columns[i].decimals;
      const auto& paper = row.cells[i].paper;
      texts.push_back(paper && paper->value ? fmt::format("{:.{}f}", *paper->value, decimals) +
                                                  notes.mark(paper->note)
                                            : "–");
      texts.push_back(measured_text(row.cells[i], decimals, notes));
    }
  }
  return grid;
}

static std::string grid_text(const Grid& grid) {
  std::vector<size_t> widths(grid[0].size(), 3);
  for (const auto& row : grid)
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  std::string text;
  for (size_t r = 0; r < grid.size(); ++r) {
    for (size_t i = 0; i < widths.size(); ++i) {
      const std::string space(widths[i] - width(grid[r][i]), ' ');
      text += i == 0 ? fmt::format("| {}{} |", grid[r][i], space)
                     : fmt::format(" {}{} |", space, grid[r][i]);
    }
    text += '\n';
    for (size_t i = 0; r == 0 && i < widths.size(); ++i)
      text += i == 0 ? fmt::format("|:{} |", std::string(widths[i], '-'))
                     : fmt::format(" {}:|", std::string(widths[i], '-'));
    if (r == 0) text += '\n';
  }
  return text;
}

/// "0, 1, 2": every seed that some cell counts.
static std::string seeds_text(const ReportTable& table) {
  std::vector<int64_t> seeds;
  for (const ReportRow& row : table.rows)
    for (const ReportCell& cell : row.cells)
      if (cell.measured)
        seeds.insert(seeds.end(), cell.measured->seeds.begin(), cell.measured->seeds.end());
  std::sort(seeds.begin(), seeds.end());
  seeds.erase(std::unique(seeds.begin(), seeds.end()), seeds.end());
  return seeds.empty() ? "none yet" : fmt::format("{}", fmt::join(seeds, ", "));
}

static std::string table_text(const ReportTable& table) {
  Footnotes notes;
  const std::string grid = grid_text(grid_of(table, notes));
  std::string text = fmt::format(
      "## {}: {}\n\nScale: {}. Seeds: {}. Measured: mean ± standard deviation over n seeds.\n",
      heading(table.id), table.title, table.scale, seeds_text(table));
  if (table.scale != "paper")
    text += fmt::format(
        "The paper's figures are of its own data and recipe: at scale {} compare the order.\n",
        table.scale);
  text += "\n" + grid + notes.text();
  if (!table.note.empty()) text += fmt::format("\nNote: {}\n", table.note);
  return text;
}

std::string render_markdown(const std::vector<ReportTable>& tables) {
  std::string text;
  for (const ReportTable& table : tables) {
    if (!text.empty()) text += '\n';
    text += table_text(table);
  }
  return text;
}

}  // namespace mra
