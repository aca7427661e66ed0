#include "harness/spec/cell_place.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/base/tell.h"

namespace mra {

static std::vector<std::string> row_names(const TableSpec& table) {
  std::vector<std::string> names;
  for (const TableRow& row : table.rows) names.push_back(row.name());
  return names;
}

static size_t row_of(const TableSpec& table, const std::string& typed) {
  const auto names = row_names(table);
  const std::string name = match_name(typed, names, "row of " + table.id);
  return size_t(std::find(names.begin(), names.end(), name) - names.begin());
}

/// Several columns may have one title: then all of them are meant.
static std::vector<size_t> columns_of(const TableSpec& table, const std::string& typed) {
  std::vector<std::string> known;
  for (const TableColumn& column : table.columns) {
    known.push_back(column.title);
    if (!find_name(column.name, {column.title})) known.push_back(column.name);
  }
  const std::string name = match_name(typed, known, "column of " + table.id);
  std::vector<size_t> columns;
  for (size_t i = 0; i < table.columns.size(); ++i)
    if (table.columns[i].title == name || table.columns[i].name == name) columns.push_back(i);
  return columns;
}

CellPlace find_cell(const SpecLibrary& library, const std::string& typed,
                    const std::string& scale) {
  const size_t slash = typed.find('/');
  const std::string id = match_name(typed.substr(0, slash), library.table_ids(), "table or figure");
  CellPlace place{library.table(id, scale), 0, {}};
  const auto names = row_names(place.table);
  check(slash != std::string::npos && slash + 1 < typed.size(), ErrorKind::kUsage, typed,
        "names a table, not a cell", fmt::format("add a row of it: {}", fmt::join(names, ", ")));
  const std::string rest = typed.substr(slash + 1);
  place.columns.resize(place.table.columns.size());
  std::iota(place.columns.begin(), place.columns.end(), size_t{0});
  const size_t last = rest.rfind('/');  // a row's name may hold one, too
  if (last == std::string::npos || find_name(rest, names)) {
    place.row = row_of(place.table, rest);
  } else {
    place.row = row_of(place.table, rest.substr(0, last));
    place.columns = columns_of(place.table, rest.substr(last + 1));
  }
  return place;
}

CellsOfKey cells_of_keys(const SpecLibrary& library, const std::vector<std::string>& tables,
                         const std::set<std::string>& scales) {
  CellsOfKey cells;
  const auto add = [&](const std::string& key, const std::string& name) {
    auto& names = cells[key];
    if (std::count(names.begin(), names.end(), name) == 0) names.push_back(name);
  };
  for (const std::string& scale : scales)
    for (const std::string& id : tables) try {
        for (const TableRow& row : library.table(id, scale).rows)
          for (const ExperimentSpec& experiment : row.experiments) {
            const std::string name = fmt::format("{}/{} at {}", id, row.name(), scale);
            add(experiment.key, name);
            for (const Dependency& needed : experiment.dependencies) add(needed.key, name);
          }
      } catch (const Error& error) {
        tell("{} is left out: {}\n", id, one_line(error));
      }
  return cells;
}

}  // namespace mra
