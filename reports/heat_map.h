#pragma once

#include <string>
#include <vector>

#include "reports/svg.h"

namespace mra {

/// A grid of numbers as an SVG file: one square per number, values[0] is the top row. Colours go
/// from nearly white (the smallest) to nearly black (the largest), so that a grey print shows the
/// same; a bar beside it is the key. An Error when rows differ in length or a number is not finite.
std::string heat_map_svg(const std::vector<std::vector<double>>& values, const std::string& title,
                         SvgUse use = SvgUse::kAlone);

}  // namespace mra
