#pragma once

#include <string>
#include <vector>

#include "reports/report_table.h"

namespace mra {

/// A judged claim as text, for all formats that people read.
struct LaidClaim {
  std::string id, sentence, place, verdict;
  std::string effect;  ///< "+1.97 [1.75, 2.18] %": of its weakest comparison
  std::string seeds;   ///< "3+3", "3, paired over 500 pictures"
  std::string next;    ///< what would decide, or why nothing can; "" when it is decided
};
LaidClaim lay_out(const JudgedClaim& judged);

/// One comparison: "Mask Low over Baseline: +1.97 [1.75, 2.18] %, supported (3+3 seeds)".
std::string comparison_text(const JudgedClaim& judged, const JudgedComparison& comparison);

/// What the claim was held against: "gap of 2.04 % ± 1.02 (half of the claimed gap)".
std::string standard_text(const JudgedClaim& judged);

/// All of a claim for the terminal: sentence, place, verdict, comparisons, what would decide.
std::string details_text(const JudgedClaim& judged);

/// "Of 24 claims at mini scale: 6 supported, 9 contradicted, 8 undecided, 1 not comparable."
std::string summary_text(const std::vector<JudgedClaim>& claims, const std::string& scale);

/// The claims of all tables, in their order.
std::vector<JudgedClaim> claims_of(const std::vector<ReportTable>& tables);

}  // namespace mra
