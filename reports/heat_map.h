#pragma once

#include <string>
#include <vector>

namespace mra {

/// A grid of numbers as an SVG file of its own: one square a number, values[0] the top row, from
/// nearly white (the smallest) to nearly black (the largest), so that a grey print shows the same.
/// A bar beside it shows which shade is which number. Every row as long as the first; all finite.
std::string heat_map_svg(const std::vector<std::vector<double>>& values, const std::string& title);

}  // namespace mra
