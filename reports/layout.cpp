#include "reports/layout.h"

#include <algorithm>
#include <cctype>

#include <fmt/format.h>

#include "reports/measured_text.h"
#include "reports/preface.h"
#include "reports/published_text.h"
#include "reports/statistics.h"

namespace mra {

namespace {

using Part = LaidColumn::Part;

/// Notes below a table, in the order of their first use.
class Footnotes {
 public:
  explicit Footnotes(char first) : first_(first) {}

  /// Adds the mark of the note `text` to `marks`, unless the text is empty.
  void mark(const std::string& text, std::vector<std::string>& marks) {
    if (text.empty()) return;
    auto found = std::find(texts_.begin(), texts_.end(), text);
    if (found == texts_.end()) found = texts_.insert(texts_.end(), text);
    marks.push_back(name(size_t(found - texts_.begin())));
  }

  void append_to(std::vector<Footnote>& notes) const {
    for (size_t i = 0; i < texts_.size(); ++i) notes.push_back({name(i), texts_[i]});
  }

 private:
  std::string name(size_t index) const {
    return first_ == 'a' ? std::string(1, char('a' + index)) : fmt::format("{}", index + 1);
  }
  char first_;
  std::vector<std::string> texts_;
};

/// Lays out one table.
class Layout {
 public:
  explicit Layout(const ReportTable& table) : table_(table) {}

  LaidTable take() {
    add_columns();
    for (const ReportRow& row : table_.rows) add_row(row);
    laid_.id = table_.id;
    laid_.heading = heading_of(table_.id);
    laid_.title = table_.title;
    laid_.scale = table_.scale;
    laid_.note = table_.note;
    laid_.measured_on = mra::text(table_.measured_on);
    laid_.preface = preface_of(table_, laid_.columns);
    remarks_.append_to(laid_.notes);
    origins_.append_to(laid_.notes);
    return std::move(laid_);
  }

 private:
  template <typename Has>
  bool any_cell(size_t column, Has has) const {
    return std::any_of(table_.rows.begin(), table_.rows.end(),
                       [&](const ReportRow& row) { return has(row.cells[column]); });
  }

  void add_columns() {
    for (size_t i = 0; i < table_.columns.size(); ++i) {
      const TableColumn& column = table_.columns[i];
      const std::string title = title_of(column);
      const auto add = [&](Part part) {
        laid_.columns.push_back({i, title, part, column.kind == ColumnKind::kText});
      };
      if (any_cell(i, [](const ReportCell& cell) { return cell.paper.has_value(); }))
        add(Part::kPaper);
      if (column.kind == ColumnKind::kStructural) add(Part::kSpec);
      if (column.metric.empty()) continue;
      add(Part::kMeasured);
      if (any_cell(i, [](const ReportCell& cell) {
            return cell.measured && !cell.measured->best_values.empty();
          }))
        add(Part::kBest);
    }
  }

  void add_row(const ReportRow& row) {
    LaidRow& laid = laid_.rows.emplace_back(LaidRow{row.group, row.label, {}, {}});
    remarks_.mark(row.note, laid.marks);
    for (const LaidColumn& column : laid_.columns) {
      const ReportCell& cell = row.cells[column.source];
      const TableColumn& source = table_.columns[column.source];
      switch (column.part) {
        case Part::kPaper:
          laid.cells.push_back(paper_cell(cell, source, column.source));
          break;
        case Part::kSpec:
          laid.cells.push_back(
              {cell.structural ? number(*cell.structural, source) : "–", "", {}, false});
          break;
        case Part::kMeasured:
          laid.cells.push_back(measured_cell(cell, source, column.source));
          break;
        case Part::kBest:
          laid.cells.push_back(best_cell(cell, source));
          break;
      }
    }
  }

  /// " (2.88×)", the ratio to the first row that has a figure; empty for columns other than speeds.
  template <typename Value>
  std::string ratio(double value, size_t column, Value value_of) const {
    if (table_.columns[column].kind != ColumnKind::kSpeed) return "";
    for (const ReportRow& row : table_.rows)
      if (const auto first = value_of(row.cells[column]))
        return fmt::format(" ({:.2f}×)", value / *first);
    return "";
  }

  LaidCell paper_cell(const ReportCell& cell, const TableColumn& column, size_t index) {
    LaidCell laid{"–", "", {}, false};
    if (!cell.paper) return laid;
    const Published& paper = *cell.paper;
    if (!paper.text.empty()) laid.text = paper.text;
    if (paper.value) {
      laid.text = number(*paper.value, column);
      laid.detail = ratio(*paper.value, index, [](const ReportCell& other) {
        return other.paper ? other.paper->value : std::nullopt;
      });
      if (!laid.detail.empty()) laid.detail.erase(0, 1);
    }
    if (paper.spread) laid.text += " ± " + number(*paper.spread, column);
    if (const std::string more = origin_detail(paper, column); !more.empty()) laid.detail = more;
    const Origin origin = origin_of(paper);
    remarks_.mark(origin_remark(paper, column, origin), laid.marks);
    remarks_.mark(paper.note, laid.marks);
    if (!paper.origin.empty()) origins_.mark(origin_text(origin), laid.marks);
    return laid;
  }

  Origin origin_of(const Published& paper) const {
    const auto found = table_.origins.find(paper.origin);
    return found == table_.origins.end() ? Origin{paper.origin, paper.origin, ""} : found->second;
  }

  LaidCell measured_cell(const ReportCell& cell, const TableColumn& column, size_t index) {
    LaidCell laid{state_text(cell), "", {}, !cell.measured};
    remarks_.mark(pending_text(cell, table_.fill_command), laid.marks);
    if (!cell.measured) return laid;
    const Measured& measured = *cell.measured;
    for (const std::string& key : cell.runs)
      for (const int64_t seed : measured.seeds) laid.runs.push_back(mra::text(RunId{key, seed}));
    laid.text = number(measured.mean, column);
    if (measured.sd) laid.text += " ± " + number(*measured.sd, column);
    laid.text += ratio(measured.mean, index, [](const ReportCell& other) {
      return other.measured ? std::optional(other.measured->mean) : std::nullopt;
    });
    laid.detail = measured_detail(measured, column, table_.baseline);
    return laid;
  }

  static LaidCell best_cell(const ReportCell& cell, const TableColumn& column) {
    if (!cell.measured || cell.measured->best_values.empty()) return {"–", "", {}, false};
    const Sample best = summarize(cell.measured->best_values);
    std::string text = number(best.mean, column);
    if (best.sd) text += " ± " + number(*best.sd, column);
    return {text, "", {}, false};
  }

  const ReportTable& table_;
  LaidTable laid_;
  Footnotes remarks_{'1'}, origins_{'a'};
};

}  // namespace

const char* part_name(LaidColumn::Part part) {
  switch (part) {
    case Part::kPaper:
      return "paper";
    case Part::kMeasured:
      return "measured";
    case Part::kBest:
      return "best epoch";
    case Part::kSpec:
      return "spec";
  }
  return "";
}

std::string title_of(const TableColumn& column) {
  const std::string unit = fmt::format("({})", column.unit);
  if (column.unit.empty() || column.title.ends_with(unit)) return column.title;
  return column.title + " " + unit;
}

LaidTable lay_out(const ReportTable& table) {
  return Layout(table).take();
}

std::string heading_of(const std::string& id) {
  const size_t digits = id.find_first_of("0123456789");
  std::string text = digits == std::string::npos
                         ? id
                         : fmt::format("{} {}", id.substr(0, digits), id.substr(digits));
  if (!text.empty()) text[0] = char(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace mra
