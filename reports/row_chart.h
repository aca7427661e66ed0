#pragma once

#include <string>
#include <vector>

#include "reports/report_table.h"

namespace mra {

/// For each column of a table with published and measured figures, an <svg> element for a page:
/// a line a row with the published figure, the measured mean with its 95 % interval, and every
/// seed. Empty for figures, which have charts of their own (chart_svg()).
std::vector<std::string> row_charts(const ReportTable& table);

/// What is drawn around a measured mean: the interval over seeds; of one seed that over its
/// pictures, or that within the run.
std::optional<Interval> drawn_interval(const Measured& measured);

}  // namespace mra
