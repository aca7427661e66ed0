#pragma once

#include <string>
#include <vector>

#include "reports/report_table.h"

namespace mra {

/// One cell in words. What belongs to the figure but is not the figure (interval, number of seeds)
/// is apart, so that a page can print it smaller.
struct LaidCell {
  std::string text;    ///< "72.00 ± 2.00", or the state when nothing is measured, or "–"
  std::string detail;  ///< "[67.03, 76.97] (n=3)"; often empty
  std::vector<std::string> marks;  ///< of footnotes
  bool is_state = false;           ///< `text` is a word such as "pending", not a figure
};

/// What one column of the paper becomes: "Top-1 (%)" -> paper, measured, best epoch.
struct LaidColumn {
  enum class Part { kPaper, kMeasured, kBest, kSpec };
  size_t source = 0;  ///< in ReportTable::columns
  std::string title;  ///< "Top-1 (%)"
  Part part = Part::kPaper;
  bool is_text = false;  ///< words: aligned left
};
/// "paper", "measured", "best epoch", "spec"
const char* part_name(LaidColumn::Part part);

struct LaidRow {
  std::string group, label;
  std::vector<std::string> marks;
  std::vector<LaidCell> cells;  ///< one a LaidColumn
};

struct Footnote {
  std::string mark;  ///< "1" for a remark, "a" for a publication that figures were taken from
  std::string text;
};

/// A table in words, for every format that people read: a renderer adds only its markup.
struct LaidTable {
  std::string id;       ///< "table6"
  std::string heading;  ///< "Table 6"
  std::string title;
  std::string scale;
  std::vector<std::string> preface;  ///< how to read it, a sentence each
  std::vector<LaidColumn> columns;
  std::vector<LaidRow> rows;
  std::vector<Footnote> notes;  ///< remarks, then publications
  std::string note;             ///< of the table as a whole; may be empty
};

LaidTable lay_out(const ReportTable& table);

/// "table6" -> "Table 6"
std::string heading_of(const std::string& id);

}  // namespace mra
