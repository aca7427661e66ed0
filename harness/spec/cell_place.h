#pragma once

#include <map>
#include <set>
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

/// Key of an experiment -> the rows that rest on it, "table6/Mask Low at smoke": that show its runs
/// or start from them. Of these tables at these scales. A table that cannot be read is told on
/// stderr and left out.
using CellsOfKey = std::map<std::string, std::vector<std::string>>;
CellsOfKey cells_of_keys(const SpecLibrary& library, const std::vector<std::string>& tables,
                         const std::set<std::string>& scales);

}  // namespace mra
