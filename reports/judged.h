#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/spec/claim.h"
#include "reports/paired_pictures.h"

namespace mra {

/// What runs say of a sentence or a figure.
enum class Verdict { kSupported, kContradicted, kUndecided, kNotComparable };
const char* name(Verdict verdict);  ///< "supported", "contradicted", "undecided", "not comparable"

/// Whether a cell's runs give the figure that the paper prints.
struct JudgedCell {
  Verdict verdict = Verdict::kUndecided;
  std::optional<Interval> off;  ///< measured minus published; nothing with a single seed
  Sourced margin;               ///< a difference up to this counts as none
  int64_t more_seeds = 0;       ///< that would decide, if things stay as they are; 0: none in sight
};

/// Two rows of a claim in one column: what was measured, and what follows.
struct JudgedComparison {
  std::string first, second;  ///< names of the rows; of a claim about one row the second is empty
  std::string column;         ///< its title; "" where the claim has one column alone
  Verdict verdict = Verdict::kUndecided;
  std::string reason;                ///< why it is not comparable or was not tested; else empty
  std::optional<Difference> effect;  ///< above 0: the first is better; of ratios their logarithm
  std::vector<std::string> runs;     ///< "KEY-sSEED" of both rows
  /// Where the effect is of the same seeds on the same pictures; its sign is the effect's.
  std::optional<PairedPictures> paired;
  size_t first_seeds = 0, second_seeds = 0;  ///< how many were measured
};

/// What the runs at one scale say of a claim.
struct JudgedClaim {
  Claim claim;
  std::string scale;
  Verdict verdict = Verdict::kUndecided;
  std::string reason;     ///< why it is not comparable, or what is missing; else empty
  bool as_order = false;  ///< only which row is better was judged, not by how much
  int decimals = 2;
  std::string unit;
  std::vector<JudgedComparison> comparisons;
  /// More seeds for each row that would decide, if the means and spreads stay as they are; 0: none
  /// in sight, or not known yet. With a single seed one more, the least that can tell.
  int64_t more_seeds = 0;

  /// How many seeds the row with the fewest of them has.
  size_t seeds_measured() const;

  /// The interval of a comparison's effect as people read it: exponentiated for ratios.
  std::optional<Interval> shown_interval(const JudgedComparison& comparison) const;
  double shown_effect(const JudgedComparison& comparison) const;
};

}  // namespace mra
