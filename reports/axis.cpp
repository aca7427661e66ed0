#include "reports/axis.h"

#include <algorithm>
#include <cmath>

namespace mra {

static double round_step(double rough) {
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1., 2., 5.})
    if (factor * power >= rough * (1 - 1e-9)) return factor * power;
  return 10 * power;
}

/// Adds `range` to the axis, widened to whole steps (at least one), and its ticks.
static void add_part(Axis& axis, const Range& range, double step) {
  const double first = std::floor(range.low / step + 1e-9);
  const double last = std::max(std::ceil(range.high / step - 1e-9), first + 1);
  axis.parts.push_back({first * step, last * step});
  for (double i = first; i <= last; ++i) axis.ticks.push_back(i * step);
}

static int decimals_of(double step) {
  return std::max(0, int(std::ceil(-std::log10(step) - 1e-9)));
}

double Axis::place(double value) const {
  double all = 0;
  for (const Range& part : parts) all += part.span();
  const double per_unit = (1 - kBreakFrac * double(parts.size() - 1)) / all;
  double start = 0;
  for (const Range& part : parts) {
    if (value <= part.high || &part == &parts.back())
      return start + (std::clamp(value, part.low, part.high) - part.low) * per_unit;
    start += part.span() * per_unit + kBreakFrac;
  }
  return start;
}

Axis round_axis(const Range& range) {
  constexpr double kAlike = 1e-9;  // a narrower range is widened by 1 on both sides
  const bool is_wide = range.span() > kAlike;
  const Range wide = is_wide ? range : Range{range.low - 1, range.high + 1};
  const double step = round_step(wide.span() / 5);
  Axis axis;
  axis.decimals = decimals_of(step);
  add_part(axis, wide, step);
  return axis;
}

Axis broken_axis(const Range& low, const Range& high) {
  const double step = round_step(std::max((low.span() + high.span()) / 4, 0.5));
  Axis axis;
  axis.decimals = decimals_of(step);
  add_part(axis, low, step);
  add_part(axis, high, step);
  return axis;
}

Axis value_axis(Range paper, Range measured, bool is_percent) {
  if (is_percent)
    for (Range* range : {&paper, &measured}) {
      range->low = std::max(range->low, 0.);
      range->high = std::min(range->high, 100.);
    }
  if (paper.empty()) return round_axis(measured);
  if (measured.empty()) return round_axis(paper);
  const Range& low = paper.low < measured.low ? paper : measured;
  const Range& high = paper.low < measured.low ? measured : paper;
  constexpr double kFar = 1.5;
  if (high.low - low.high > kFar * std::max(low.span() + high.span(), 1.))
    return broken_axis(low, high);
  return round_axis({low.low, std::max(low.high, high.high)});
}

Axis axis_with_ticks(const std::vector<double>& ticks) {
  Axis axis;
  axis.ticks = ticks;
  axis.parts = {{ticks.front(), ticks.back()}};
  if (ticks.size() == 1) axis.parts = {{ticks[0] - 1, ticks[0] + 1}};
  return axis;
}

}  // namespace mra
