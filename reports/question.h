#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "reports/judged.h"

namespace mra {

/// What would settle a comparison: an effect above a bound, or within a range.
struct Question {
  bool is_range = false;
  Interval range;      ///< of an order `low` is the bound
  bool below = false;  ///< of an order: the effect is claimed to be below it

  double p_supported(const Difference& effect) const;
  double p_contradicted(const Difference& effect) const;
};

/// Decides comparisons that are judged together. Those without an estimate are not supported.
Verdict decide(const Question& question, const std::vector<std::optional<Difference>>& effects);

/// Returns how many seeds more than `now` are needed until `decided` holds for their number, up to
/// 200 in all; 0: so many do not suffice.
int64_t seeds_until(int64_t now, const std::function<bool(int64_t seeds)>& decided);

}  // namespace mra
