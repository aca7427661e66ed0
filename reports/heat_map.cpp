#include "reports/heat_map.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "reports/svg.h"

namespace mra {

namespace {

// Lengths in px.
constexpr double kMargin = 16, kFont = 13, kLine = 18;
constexpr double kGrid = 224;  // the longer side of the grid
constexpr double kGap = 16, kBar = 14, kTick = 4, kNumbers = 78;
constexpr double kLeastBar = 72;  // room for three numbers beside it

struct Shade {
  double place, red, green, blue;
};

/// Lightness falls evenly (L* from 97 to 20) while the hue goes from yellow over green to blue.
constexpr std::array<Shade, 6> kShades = {{{0.0, 255, 247, 188},
                                           {0.2, 199, 221, 160},
                                           {0.4, 127, 188, 150},
                                           {0.6, 63, 146, 146},
                                           {0.8, 38, 98, 128},
                                           {1.0, 26, 48, 96}}};

/// The colour "#rrggbb" of a number; `place`: 0 for the smallest number, 1 for the largest.
std::string colour(double place) {
  size_t next = 1;
  while (next + 1 < kShades.size() && kShades[next].place < place) ++next;
  const Shade &from = kShades[next - 1], &to = kShades[next];
  const double part = (place - from.place) / (to.place - from.place);
  const auto mixed = [&](double a, double b) { return int(std::lround(a + part * (b - a))); };
  return fmt::format("#{:02x}{:02x}{:02x}", mixed(from.red, to.red), mixed(from.green, to.green),
                     mixed(from.blue, to.blue));
}

/// The number with four significant digits.
std::string number(double value) {
  return fmt::format("{:.4g}", value);
}

class HeatMap {
 public:
  HeatMap(const std::vector<std::vector<double>>& values, const std::string& title, SvgUse use)
      : values_(values), title_(title), svg_(use) {
    check(!values.empty() && !values[0].empty(), ErrorKind::kFailure, title,
          "a heat map without numbers", "give at least one row with one number");
    low_ = high_ = values[0][0];
    for (const auto& row : values) {
      check(row.size() == values[0].size(), ErrorKind::kFailure, title,
            fmt::format("rows of {} and of {} numbers", values[0].size(), row.size()),
            "give rows of equal length");
      for (const double value : row) {
        check(std::isfinite(value), ErrorKind::kFailure, title, "a number is not finite",
              "leave out maps with unmeasured numbers");
        low_ = std::min(low_, value);
        high_ = std::max(high_, value);
      }
    }
    side_ = kGrid / double(std::max(values.size(), values[0].size()));
  }

  std::string draw() {
    const double width = kMargin + columns() * side_ + kGap + kBar + kNumbers + kMargin;
    for (const std::string& line : wrapped(title_, width - 2 * kMargin, kFont)) {
      svg_.text(Svg::Anchor::kStart, kMargin, top_ + kFont - 3, line);
      top_ += kLine;
    }
    top_ += 6;
    draw_cells();
    draw_scale();
    return svg_.finish(width, top_ + bar_height() + kMargin, title_);
  }

 private:
  double rows() const { return double(values_.size()); }
  double bar_height() const { return std::max(rows() * side_, kLeastBar); }
  double columns() const { return double(values_[0].size()); }

  void draw_cells() {
    for (size_t r = 0; r < values_.size(); ++r)
      for (size_t c = 0; c < values_[r].size(); ++c) {
        const double place = high_ > low_ ? (values_[r][c] - low_) / (high_ - low_) : 0.5;
        svg_.cell(kMargin + double(c) * side_, top_ + double(r) * side_, side_, side_,
                  colour(place));
      }
    frame(kMargin, columns() * side_, rows() * side_);
  }

  void frame(double x, double width, double height) {
    svg_.path("break",
              fmt::format("M{:.1f} {:.1f}h{:.1f}v{:.1f}h{:.1f}z", x, top_, width, height, -width));
  }

  void draw_scale() {
    constexpr int kSteps = 64;
    const double x = kMargin + columns() * side_ + kGap, height = bar_height() / kSteps;
    for (int i = 0; i < kSteps; ++i)
      svg_.cell(x, top_ + i * height, kBar, height, colour(1 - (i + 0.5) / kSteps));
    frame(x, kBar, bar_height());
    if (low_ == high_) return tick(x + kBar, 0.5, "all " + number(low_));
    tick(x + kBar, 0, "max " + number(high_));
    tick(x + kBar, 0.5, number((low_ + high_) / 2));
    tick(x + kBar, 1, "min " + number(low_));
  }

  /// `depth`: 0 at the top of the bar, 1 at its bottom.
  void tick(double x, double depth, const std::string& words) {
    const double y = top_ + depth * bar_height();
    svg_.line("axis", x, y, x + kTick, y);
    svg_.text(Svg::Anchor::kStart, x + kTick + 3, y + 4, words, "remark");
  }

  const std::vector<std::vector<double>>& values_;
  const std::string& title_;
  double low_ = 0, high_ = 0, side_ = 0, top_ = kMargin;
  Svg svg_;
};

}  // namespace

std::string heat_map_svg(const std::vector<std::vector<double>>& values, const std::string& title,
                         SvgUse use) {
  return HeatMap(values, title, use).draw();
}

}  // namespace mra
