#pragma once

#include <vector>

namespace mra {

struct Range {
  double low = 0, high = 0;
  double span() const { return high - low; }
};

/// An axis of a chart: one stretch of values, or two with a break between them. All stretches have
/// the same length for the same difference.
struct Axis {
  std::vector<Range> parts;   ///< from low to high
  std::vector<double> ticks;  ///< values with a mark, rising; among them both ends of every part
  int decimals = 0;           ///< that tell the ticks apart

  static constexpr double kBreakFrac = 0.08;  ///< of the length, between two parts

  /// Where a value stands: 0 at the low end, 1 at the high end; beyond them, at the nearer.
  double place(double value) const;
};

/// About five steps of 1, 2 or 5 times a power of ten that cover the range.
Axis round_axis(const Range& range);

/// As round_axis, with a break between two ranges that lie far apart; `low` is below `high`.
Axis broken_axis(const Range& low, const Range& high);

/// Ticks at these values and nowhere else; at least one, rising.
Axis axis_with_ticks(const std::vector<double>& ticks);

}  // namespace mra
