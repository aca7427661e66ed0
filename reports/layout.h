#pragma once

#include <string>
#include <vector>

#include "reports/report_table.h"

namespace mra {

/// One cell as text. Details of the figure (interval, number of seeds) are separate, so that a page
/// can print them smaller.
struct LaidCell {
  std::string text;    ///< "72.00 ± 2.00", or the state when nothing is measured, or "–"
  std::string detail;  ///< "[67.03, 76.97] (n=3)"; often empty
  std::vector<std::string> marks;      ///< of footnotes
  bool is_state = false;               ///< `text` is a word such as "pending", not a figure
  std::vector<std::string> runs = {};  ///< "KEY-sSEED", those that the figure rests on
};

/// One part of a column of the paper: "Top-1 (%)" becomes paper, measured and best epoch.
struct LaidColumn {
  enum class Part { kPaper, kMeasured, kBest, kSpec };
  size_t source = 0;  ///< index in ReportTable::columns
  std::string title;  ///< "Top-1 (%)"
  Part part = Part::kPaper;
  bool is_text = false;  ///< aligned left
};
/// "paper", "measured", "best epoch", "spec"
const char* part_name(LaidColumn::Part part);

struct LaidRow {
  std::string group, label;
  std::vector<std::string> marks;
  std::vector<LaidCell> cells;  ///< one per LaidColumn
};

struct Footnote {
  std::string mark;  ///< "1" for a remark, "a" for a publication that figures were taken from
  std::string text;
};

/// A table as text, for all formats that people read: a renderer adds only its markup.
struct LaidTable {
  std::string id;       ///< "table6"
  std::string heading;  ///< "Table 6"
  std::string title;
  std::string scale;
  std::string measured_on;           ///< a paragraph; empty when no runs fill the table
  std::vector<std::string> preface;  ///< sentences on how to read the table
  std::vector<LaidColumn> columns;
  std::vector<LaidRow> rows;
  std::vector<Footnote> notes;  ///< remarks, then publications
  std::string note;             ///< on the whole table; may be empty
};

LaidTable lay_out(const ReportTable& table);

/// "Top-1 (%)"; titles with a unit, such as the paper's "Params(M)", stay as they are.
std::string title_of(const TableColumn& column);

/// "table6" -> "Table 6"
std::string heading_of(const std::string& id);

}  // namespace mra
