#pragma once

#include <string>
#include <vector>

#include "harness/spec/library.h"

namespace mra {

/// Cells of a table that a person named: one row, and one column of it or all.
struct CellPlace {
  TableSpec table;
  size_t row = 0;
  std::vector<size_t> columns;
};

/// The cells named "table6/Mask Low/Top-1", by title or name of the column, or "table6/Mask Low"
/// for all of a row, in any case of letters. An unknown part is an Error with the nearest name.
CellPlace find_cell(const SpecLibrary& library, const std::string& typed, const std::string& scale);

}  // namespace mra
