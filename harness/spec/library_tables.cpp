#include <algorithm>
#include <charconv>
#include <regex>
#include <utility>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/spec/catalog_names.h"
#include "harness/spec/library.h"
#include "harness/spec/mae_parameters.h"
#include "harness/spec/shallow_json.h"

namespace mra {

/// `list` with `patch` merged over the element whose number is `index`.
static Json with_element(Json list, const std::string& index, const Json& patch,
                         const std::string& where) {
  size_t place = 0;
  const char* end = index.data() + index.size();
  const auto [rest, error] = std::from_chars(index.data(), end, place);
  check(rest == end && error == std::errc() && place < list.size(), ErrorKind::kUsage, where,
        fmt::format("'{}' is not an element of the list, which has {}", index, list.size()),
        "count from 0, or give the whole list as JSON");
  list[place].merge_patch(patch);
  return list;
}

/// Whether a pointer counts elements of a list, "/batch_transforms/0/mra/hide". Such an override is
/// for the rows alone that have the place.
static bool goes_into_list(const std::string& pointer) {
  static const std::regex kElement("/[0-9]+(/|$)");
  return std::regex_search(pointer, kElement);
}

/// Whether `spec` has the object or list that a pointer leads into.
static bool has_parent(const Json& spec, const std::string& pointer) {
  return find_at(spec, Json::json_pointer(pointer).parent_pointer()) != nullptr;
}

/// The merge patch that puts `value` at a JSON pointer of `spec`. Numbers in the pointer count the
/// elements of lists.
static Json patch_of(const std::string& pointer, const Json& value, const Json& spec) {
  const std::string where = "--set " + pointer;
  check(pointer != "/scale" && pointer != "/version", ErrorKind::kUsage, where, "cannot be set",
        "choose the scale with --scale");
  try {
    Json patch = value;
    for (Json::json_pointer place(pointer); !place.empty(); place = place.parent_pointer()) {
      const Json* parent = find_at(spec, place.parent_pointer());
      patch = parent && parent->is_array() ? with_element(*parent, place.back(), patch, where)
                                           : Json{{place.back(), patch}};
    }
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
  const std::string place =
      fmt::format("{}: {}", table.file, patch.experiment.empty() ? "/base" : patch.pointer);
  check(!base.empty(), ErrorKind::kUsage, fmt::format("{}: {}", table.file, patch.pointer),
        "names no experiment", "give the table a \"base\", or the row an \"experiment\"");
  LayeredSpec spec = resolve(base, table.scale, place);
  spec.add(table.file, patch.pointer + "/with", patch.with);
  add_scale_patch(spec, table.file, patch.pointer + "/at", patch.at, table.scale);
  return spec;
}

/// A metric that no task or judge gives, or whose judge the experiment lacks, would never be
/// filled.
static void check_metric(const std::string& metric, const ExperimentSpec& experiment,
                         const std::string& where) {
  const std::vector<std::string> known = metric_names();
  const auto is_metric = [&](const std::string& name) {  // names have no other special characters
    return std::regex_match(metric,
                            std::regex(std::regex_replace(name, std::regex("#"), "[0-9.]+")));
  };
  check(std::any_of(known.begin(), known.end(), is_metric), ErrorKind::kUsage, where,
        fmt::format("unknown metric '{}'", metric), suggestion(metric, known));
  const std::string judge = metric.substr(0, metric.find('/'));
  const std::vector<std::string> judges = judge_names();
  const auto is_judge = [&](const NamedOptions& entry) { return entry.name == judge; };
  check(std::count(judges.begin(), judges.end(), judge) == 0 ||
            std::any_of(experiment.evaluate.begin(), experiment.evaluate.end(), is_judge),
        ErrorKind::kUsage, where,
        fmt::format("'{}' is measured by '{}', which does not judge {}", metric, judge,
                    experiment.name),
        fmt::format("add {{\"{}\": {{}}}} to \"evaluate\"", judge));
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
    const std::string where = fmt::format("{}: {}/metric", table.file, patch.pointer);
    if (patch.empty() && shared) {
      row.cells[i].experiment = *shared;
      check_metric(metric_of(column.metric, row), row.experiments[*shared], where);
      continue;
    }
    LayeredSpec spec = row_base;
    spec.add(table.file, patch.pointer + "/with", patch.with);
    add_scale_patch(spec, table.file, patch.pointer + "/at", patch.at, table.scale);
    for (const auto& [pointer, value] : overrides_)
      if (!goes_into_list(pointer) || has_parent(spec.merged(), pointer))
        spec.add("--set", "", patch_of(pointer, value, spec.merged()));
    row.cells[i].experiment = row.experiments.size();
    row.experiments.push_back(
        finish(spec, patch.empty() ? name : fmt::format("{}/{}", name, column.title), table.scale));
    check_metric(metric_of(column.metric, row), row.experiments.back(), where);
    if (patch.empty()) shared = row.cells[i].experiment;
  }
}

/// Structural figures follow from the spec of the augmentor, the first run that a row starts from.
void SpecLibrary::fill_structural(TableSpec& table, TableRow& row) const {
  if (row.experiments.empty() || row.experiments[0].dependencies.empty()) return;
  const ExperimentSpec& augmentor =
      resolved(row.experiments[0].dependencies[0].experiment, table.scale, table.file);
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

/// Whether an experiment of the table has something at the pointer.
static bool reaches(const TableSpec& table, const std::string& pointer) {
  for (const TableRow& row : table.rows)
    for (const ExperimentSpec& experiment : row.experiments)
      if (find_at(experiment.resolved, Json::json_pointer(pointer))) return true;
  return false;
}

TableSpec SpecLibrary::table(const std::string& id, const std::string& scale) const {
  check_known(id, "table or figure", table_ids_);
  check_known(scale, "scale", scales_);
  const std::string name = "tables/" + id + ".json";
  ReadTable read = read_table(file(name), id, path_of(name), origins());
  read.table.scale = scale;
  keep_columns_of(read, scale);
  if (!read.base.empty())
    resolve(read.base, scale, read.table.file + ": /base");  // also where no row needs it
  for (size_t i = 0; i < read.table.rows.size(); ++i) {
    add_row_experiments(read, i);
    fill_structural(read.table, read.table.rows[i]);
  }
  for (const auto& [pointer, value] : overrides_)
    check(!goes_into_list(pointer) || read.table.rows.empty() || reaches(read.table, pointer),
          ErrorKind::kUsage, "--set " + pointer, fmt::format("no row of {} has this element", id),
          "harness show RUN prints the spec of a run");
  return std::move(read.table);
}

std::map<std::string, Origin> SpecLibrary::origins() const {
  return read_origins(entries("origins.json"),
                      (folders_.roots().front() / "origins.json").string());
}

std::vector<Statement> SpecLibrary::statements() const {
  std::vector<Statement> statements;
  for (const auto& [id, entry] : entries("statements.json").items())
    statements.push_back(
        read_statement(entry, id, folders_.file_of_entry("statements.json", id).string()));
  return statements;
}

std::vector<Claim> SpecLibrary::claims() const {
  std::vector<Claim> claims;
  for (const auto& [id, entry] : entries("claims.json").items())
    claims.push_back(read_claim(entry, id, folders_.file_of_entry("claims.json", id).string()));
  const auto place = [&](const Claim& claim) {
    return std::find(table_ids_.begin(), table_ids_.end(), claim.table);
  };
  std::stable_sort(claims.begin(), claims.end(),
                   [&](const Claim& a, const Claim& b) { return place(a) < place(b); });
  return claims;
}

void SpecLibrary::check_claim(const Claim& claim) const {
  const auto known = [&](const std::string& name, const std::string& key,
                         const std::vector<std::string>& names) {
    check(std::count(names.begin(), names.end(), name) > 0, ErrorKind::kUsage,
          claim.where + "/" + key, fmt::format("unknown name '{}'", name), suggestion(name, names));
  };
  known(claim.table, "table", table_ids_);
  if (claim.borrowed) known(claim.borrowed->scale, "borrowed/scale", scales_);
  std::vector<TableSpec> tables;
  for (const std::string& scale : scales_) {
    tables.push_back(table(claim.table, scale));
    comparisons_of(claim, tables.back());
  }
  check_columns(claim, tables);
}

}  // namespace mra
