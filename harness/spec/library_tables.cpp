#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/spec/library.h"
#include "harness/spec/mae_parameters.h"
#include "harness/spec/shallow_json.h"

namespace mra {

/// The merge patch that puts `value` at a JSON pointer.
static Json patch_of(const std::string& pointer, const Json& value) {
  const std::string where = "--set " + pointer;
  try {
    Json patch = value;
    for (Json::json_pointer place(pointer); !place.empty(); place = place.parent_pointer())
      patch = Json{{place.back(), patch}};
    check(patch.is_object(), ErrorKind::kUsage, where, "is not a place in the spec",
          "give a JSON pointer such as /recipe/epochs");
    return patch;
  } catch (const Json::exception&) {
    fail(ErrorKind::kUsage, where, "is not a JSON pointer", "write it like /recipe/epochs");
  }
}

/// What the experiments of a row have in common: its base, and what the row changes.
LayeredSpec SpecLibrary::row_spec(const ReadTable& read, size_t row) const {
  const TableSpec& table = read.table;
  const SpecPatch& patch = read.rows[row];
  const std::string base = patch.experiment.empty() ? read.base : patch.experiment;
  check(!base.empty(), ErrorKind::kUsage, fmt::format("{}: {}", table.file, patch.pointer),
        "names no experiment", "give the table a \"base\", or the row an \"experiment\"");
  LayeredSpec spec = resolve(base, table.scale);
  spec.add(table.file, patch.pointer + "/with", patch.with);
  add_scale_patch(spec, table.file, patch.pointer + "/at", patch.at, table.scale);
  return spec;
}

/// The experiments of a row: one that all columns share, and one for each column with a patch.
void SpecLibrary::add_row_experiments(ReadTable& read, size_t row_index) const {
  TableSpec& table = read.table;
  TableRow& row = table.rows[row_index];
  const LayeredSpec row_base = row_spec(read, row_index);
  const std::string name = fmt::format("{}/{}", table.id, row.name());
  std::optional<size_t> shared;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const TableColumn& column = table.columns[i];
    const SpecPatch& patch = read.columns[i];
    if (column.metric.empty()) continue;
    if (patch.empty() && shared) {
      row.cells[i].experiment = *shared;
      continue;
    }
    LayeredSpec spec = row_base;
    spec.add(table.file, patch.pointer + "/with", patch.with);
    add_scale_patch(spec, table.file, patch.pointer + "/at", patch.at, table.scale);
    for (const auto& [pointer, value] : overrides_) spec.add("--set", "", patch_of(pointer, value));
    row.cells[i].experiment = row.experiments.size();
    row.experiments.push_back(
        finish(spec, patch.empty() ? name : fmt::format("{}/{}", name, column.title), table.scale));
    if (patch.empty()) shared = row.cells[i].experiment;
  }
}

/// Structural figures follow from the spec of the augmentor, the first run that a row starts from.
void SpecLibrary::fill_structural(TableSpec& table, TableRow& row) const {
  if (row.experiments.empty() || row.experiments[0].dependencies.empty()) return;
  const ExperimentSpec& augmentor =
      resolved(row.experiments[0].dependencies[0].experiment, table.scale);
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const TableColumn& column = table.columns[i];
    if (column.kind != ColumnKind::kStructural) continue;
    if (column.pointer == "parameters") {
      const SpecReader model(augmentor.model, augmentor.file, "/model");
      row.cells[i].structural = double(mae_parameters(model)) / 1e6;
      continue;
    }
    const Json* figure = find_at(augmentor.resolved, Json::json_pointer(column.pointer));
    if (figure && figure->is_number()) row.cells[i].structural = figure->get<double>();
  }
}

TableSpec SpecLibrary::table(const std::string& id, const std::string& scale) const {
  check_known(id, "table or figure", table_ids_);
  check_known(scale, "scale", scales_);
  const std::string name = "tables/" + id + ".json";
  ReadTable read = read_table(
      file(name), id, path_of(name),
      read_origins(entries("origins.json"), (folders_.roots().front() / "origins.json").string()));
  read.table.scale = scale;
  keep_columns_of(read, scale);
  for (size_t i = 0; i < read.table.rows.size(); ++i) {
    add_row_experiments(read, i);
    fill_structural(read.table, read.table.rows[i]);
  }
  return std::move(read.table);
}

}  // namespace mra
