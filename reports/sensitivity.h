#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/spec/open_choice.h"
#include "reports/report_table.h"

namespace mra {

/// A cell whose run another answer replaces, with what both gave.
struct ShiftedCell {
  std::string row, column;                ///< name of the row, title of the column
  std::optional<Measured> before, after;  ///< nothing: not measured
  int decimals = 2;
};

/// A claim under both answers.
struct ShiftedVerdict {
  std::string claim;
  Verdict before = Verdict::kUndecided, after = Verdict::kUndecided;

  /// Whether supported became contradicted, or the reverse.
  bool turns() const;
};

/// What another answer to an open choice does to a table.
struct Sensitivity {
  OpenChoice choice;
  ChoiceAlternative alternative;
  std::vector<ShiftedCell> cells;  ///< empty: it changes nothing at this scale
  std::vector<ShiftedVerdict> verdicts;
};

/// `usual` and `other`: reports of the same table with the answer that is chosen and the other one.
Sensitivity compare_answers(const OpenChoice& choice, const ChoiceAlternative& alternative,
                            const ReportTable& usual, const ReportTable& other);

/// {"table", "scale", "alternatives", "needing_more"}. `choices`: all that the table has.
Json to_json(const std::vector<Sensitivity>& answers, const std::vector<OpenChoice>& choices,
             const ReportTable& usual);
std::string sensitivity_text(const std::vector<Sensitivity>& answers,
                             const std::vector<OpenChoice>& choices, const ReportTable& usual);

}  // namespace mra
