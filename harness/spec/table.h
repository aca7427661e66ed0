#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/spec/experiment.h"

namespace mra {

/// A measured column of a table.
struct TableColumn {
  std::string name;    ///< "top1"
  std::string title;   ///< "Top-1"
  std::string metric;  ///< the metric of a run that fills it
  std::string unit;    ///< "%"
  int decimals = 2;    ///< as the paper prints it
};

/// One row: what the paper printed and the experiment that measures it.
struct TableRow {
  std::string label;
  std::map<std::string, double> paper;  ///< column name -> printed value
  std::string note;
  ExperimentSpec experiment;
};

/// A table or figure of the paper at one scale.
struct TableSpec {
  std::string id;
  std::string title;
  std::string scale;
  std::string note;
  std::string file;
  std::vector<TableColumn> columns;
  std::vector<TableRow> rows;
};

/// Reads the columns of a table and the rows' texts and figures; experiments are filled in by the
/// library. `rows` receives each row's JSON, with "with", "at" and "experiment".
TableSpec read_table(const Json& table, const std::string& id, const std::string& file,
                     std::vector<Json>& rows);

}  // namespace mra
