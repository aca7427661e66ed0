#pragma once

#include <string>

#include "harness/spec/table.h"

namespace mra {

/// As the paper prints figures of this column; of what it only quotes, with as many digits as each
/// figure has.
std::string number(double value, const TableColumn& column);

/// "taken from CutMix, Table 3: 300 epochs, …"
std::string origin_text(const Origin& origin);

/// "(there ± 0.85, n=3)": what a publication of the same figure says of its certainty, and this
/// paper does not. Empty when that is nothing.
std::string origin_detail(const Published& paper, const TableColumn& column);

/// "CutMix, Table 3 prints 76.32": where that is something else than this paper's figure.
std::string origin_remark(const Published& paper, const TableColumn& column, const Origin& origin);

}  // namespace mra
