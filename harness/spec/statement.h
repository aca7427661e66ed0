#pragma once

#include <map>
#include <string>

#include "harness/spec/json.h"

namespace mra {

/// A number that the paper's text states, and where the same is told elsewhere: in a cell of a
/// table, as a sum of cells, in a spec, or in a publication that figures were taken from.
struct Statement {
  std::string id;               ///< "text-decoder"
  std::string sentence, place;  ///< as it is written, and where
  Json value;                   ///< a number or a text; null where `sum_of` is given
  std::string table, row, column;
  std::map<std::string, double> sum_of;  ///< "column" of every row is the sum of these, weighted
  std::string experiment, pointer;       ///< a spec and a place in it, at the paper's scale
  std::string origin, fact;              ///< see Origin::facts
  std::string where;                     ///< file and pointer, for messages
};

/// Reads one entry of statements.json.
Statement read_statement(const Json& json, const std::string& id, const std::string& file);
/// JSON Schema of one entry of statements.json.
Json statement_schema();

}  // namespace mra
