#include <algorithm>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "reports/claim_words.h"
#include "reports/layout.h"
#include "reports/one_line.h"
#include "reports/renderers.h"

namespace mra {

using Grid = std::vector<std::vector<std::string>>;  // rows of text cells, the header first

/// The width of a text on a terminal: its number of code points.
static size_t width(const std::string& text) {
  return size_t(std::count_if(text.begin(), text.end(), [](unsigned char byte) {
    return (byte & 0xC0) != 0x80;  // not a continuation byte of UTF-8
  }));
}

static bool is_word(char letter) {
  return std::isalnum(static_cast<unsigned char>(letter)) || (letter & 0x80) != 0;
}

/// Whether the letter at `i` would not be shown as it is: "_" means nothing within a word, "[" only
/// before "](", "&" only before a name.
static bool has_meaning(const std::string& text, size_t i) {
  const char next = i + 1 < text.size() ? text[i + 1] : ' ';
  switch (text[i]) {
    case '_':
      return i == 0 || !is_word(text[i - 1]) || !is_word(next);
    case '[':
      return text.find("](", i) != std::string::npos;
    case '&':
      return next == '#' || is_word(next);
    default:
      return std::string("\\|`*<").find(text[i]) != std::string::npos;
  }
}

/// Text whose every letter is shown as it is: in a cell, a heading or a paragraph.
static std::string escaped(const std::string& words) {
  const std::string text = one_line(words);
  std::string escaped;
  for (size_t i = 0; i < text.size(); ++i) {
    if (has_meaning(text, i)) escaped += '\\';
    escaped += text[i];
  }
  return escaped;
}

static std::string with_marks(std::string text, const std::vector<std::string>& marks) {
  if (!marks.empty()) text += fmt::format(" [{}]", fmt::join(marks, ","));
  return text;
}

static Grid grid_of(const LaidTable& table) {
  const bool has_groups = std::any_of(table.rows.begin(), table.rows.end(),
                                      [](const LaidRow& row) { return !row.group.empty(); });
  Grid grid(1, {""});
  for (const LaidColumn& column : table.columns)
    grid[0].push_back(escaped(column.is_text
                                  ? column.title
                                  : fmt::format("{}, {}", column.title, part_name(column.part))));
  for (const LaidRow& row : table.rows) {
    const std::string label = has_groups ? row.group + " " + row.label : row.label;
    auto& texts = grid.emplace_back(1, with_marks(escaped(label), row.marks));
    for (const LaidCell& cell : row.cells)
      texts.push_back(with_marks(
          escaped(cell.detail.empty() ? cell.text : cell.text + " " + cell.detail), cell.marks));
  }
  return grid;
}

/// `text` padded with spaces to a width of `columns`.
static std::string padded(const std::string& text, size_t columns, bool left_aligned) {
  const std::string space(columns - width(text), ' ');
  return left_aligned ? text + space : space + text;
}

static std::string grid_text(const Grid& grid, const std::vector<bool>& left_aligned) {
  std::vector<size_t> widths(grid[0].size(), 3);
  for (const auto& row : grid)
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  std::string text;
  for (size_t r = 0; r < grid.size(); ++r) {
    text += "|";
    for (size_t i = 0; i < widths.size(); ++i)
      text += fmt::format(" {} |", padded(grid[r][i], widths[i], left_aligned[i]));
    text += '\n';
    if (r > 0) continue;
    text += "|";
    for (size_t i = 0; i < widths.size(); ++i) {
      const std::string rule(widths[i], '-');
      text += left_aligned[i] ? fmt::format(":{} |", rule) : fmt::format(" {}:|", rule);
    }
    text += '\n';
  }
  return text;
}

static std::string table_text(const ReportTable& report) {
  const LaidTable table = lay_out(report);
  std::vector<bool> left_aligned = {true};
  for (const LaidColumn& column : table.columns) left_aligned.push_back(column.is_text);
  const std::string on = table.measured_on.empty() ? "" : escaped(table.measured_on) + "\n\n";
  std::string text =
      fmt::format("## {}: {}\n\n{}{}\n\n{}", escaped(table.heading), escaped(table.title), on,
                  fmt::join(table.preface, "\n"), grid_text(grid_of(table), left_aligned));
  for (size_t i = 0; i < table.notes.size(); ++i)
    text += fmt::format("{}[{}] {}  \n", i == 0 ? "\n" : "", table.notes[i].mark,
                        escaped(table.notes[i].text));
  if (!table.note.empty()) text += fmt::format("\nNote: {}\n", escaped(table.note));
  if (!report.claims.empty())
    text += fmt::format("\n{}", claims_markdown(report.claims, report.scale));
  return text;
}

std::string claims_markdown(const std::vector<JudgedClaim>& claims, const std::string& scale) {
  Grid grid = {{"Claim", "Verdict", "Effect [90 %]", "Seeds", "What would decide"}};
  for (const JudgedClaim& judged : claims) {
    const LaidClaim laid = lay_out(judged);
    auto& texts = grid.emplace_back();
    for (const auto& text : {laid.id, laid.verdict, laid.effect, laid.seeds, laid.next})
      texts.push_back(escaped(text));
  }
  return fmt::format("{}\n\n{}", summary_text(claims, scale),
                     grid_text(grid, std::vector<bool>(5, true)));
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
