#pragma once

#include <string>

#include "harness/spec/table.h"

namespace mra {

/// A figure with as many decimals as the paper prints in this column; in a column of quoted
/// figures, with its own digits.
std::string number(double value, const TableColumn& column);

/// "taken from CutMix, Table 3: 300 epochs, …"
std::string origin_text(const Origin& origin);

/// "(there ± 0.85, n=3)": the uncertainty that the original publication gives for the figure and
/// this paper leaves out. Empty when there is none.
std::string origin_detail(const Published& paper, const TableColumn& column);

/// "CutMix, Table 3 prints 76.32", if that differs from this paper's figure; else empty.
std::string origin_remark(const Published& paper, const TableColumn& column, const Origin& origin);

}  // namespace mra
