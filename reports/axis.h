#pragma once

#include <algorithm>
#include <limits>
#include <vector>

namespace mra {

struct Range {
  double low = 0, high = 0;
  double span() const { return high - low; }
  bool empty() const { return low > high; }
  void take_in(double from, double to) {
    low = std::min(low, from);
    high = std::max(high, to);
  }
};
/// The range of nothing, which take_in() widens.
constexpr Range kNoRange = {std::numeric_limits<double>::max(),
                            -std::numeric_limits<double>::max()};

/// An axis of a chart: one range of values, or two with a break between them and the same scale.
struct Axis {
  std::vector<Range> parts;   ///< from low to high
  std::vector<double> ticks;  ///< values with a mark, ascending, with both ends of every part
  int decimals = 0;           ///< needed to print the ticks as different numbers

  static constexpr double kBreakFrac = 0.08;  ///< fraction of the length between two parts

  /// The position of a value: 0 at the low end, 1 at the high end; values beyond are clipped.
  double place(double value) const;
};

/// An axis that covers the range in about five steps of 1, 2 or 5 times a power of ten.
Axis round_axis(const Range& range);

/// As round_axis(), with a break between two distant ranges; `low` is below `high`.
Axis broken_axis(const Range& low, const Range& high);

/// An axis for published and measured values, one of which may be kNoRange. It is broken when they
/// are so far apart that the differences within each would be invisible.
Axis value_axis(Range paper, Range measured, bool is_percent);

/// An axis with exactly these ticks: at least one, ascending.
Axis axis_with_ticks(const std::vector<double>& ticks);

}  // namespace mra
