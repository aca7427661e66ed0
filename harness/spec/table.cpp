#include "harness/spec/table.h"

#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/spec/shallow_json.h"

namespace mra {

static const std::vector<std::pair<const char*, ColumnKind>>& kinds() {
  static const std::vector<std::pair<const char*, ColumnKind>> kKinds = {
      {"measured", ColumnKind::kMeasured},
      {"text", ColumnKind::kText},
      {"quoted", ColumnKind::kQuoted},
      {"structural", ColumnKind::kStructural},
      {"speed", ColumnKind::kSpeed}};
  return kKinds;
}

const char* name(ColumnKind kind) {
  for (const auto& [name, known] : kinds())
    if (known == kind) return name;
  return "";
}

static ColumnKind read_kind(SpecReader& spec) {
  std::vector<std::string> names;
  for (const auto& kind : kinds()) names.emplace_back(kind.first);
  const std::string asked = spec.one_of("kind", name(ColumnKind::kMeasured), names);
  return kinds()[size_t(std::find(names.begin(), names.end(), asked) - names.begin())].second;
}

static bool is_run(ColumnKind kind) {
  return kind == ColumnKind::kMeasured || kind == ColumnKind::kSpeed;
}

/// What a "with" and an "at" hold, for editors: their keys are checked when they are merged.
static void describe_patch(SpecReader& spec) {
  spec.describe("with", {{"$ref", "#/$defs/experiment"}});
  spec.describe("at", {{"$ref", "#/$defs/at"}});
}

/// "lacking": {"mini": "no small stand-in …"}
static void read_lacking(SpecReader& spec, SpecPatch& patch) {
  SpecReader lacking = spec.child("lacking", true);
  for (const auto& entry : lacking.json().items())
    patch.lacking[entry.key()] = lacking.required<std::string>(entry.key());
  if (spec.describing()) spec.describe("lacking", {{"additionalProperties", {{"type", "string"}}}});
}

static TableColumn read_column(SpecReader spec, SpecPatch& patch) {
  TableColumn column;
  column.name = spec.required<std::string>("name");
  column.title = spec.optional("title", column.name);
  column.kind = read_kind(spec);
  if (is_run(column.kind) || spec.describing()) {
    column.metric = spec.optional("metric", column.name);
    check(column.metric.find('@') == std::string::npos || curve_place(column.metric),
          ErrorKind::kUsage, spec.where("metric"),
          fmt::format("'{}' does not name a point of a curve", column.metric),
          "after \"@\" write a part of the training from 0 to 1: \"train_loss@0.5\"");
    column.spread_metric = spec.optional<std::string>("spread_metric", "");
    column.spread_over = spec.optional<std::string>("spread_over", "episodes");
    column.paired_values = spec.optional<std::string>("paired_values", "");
    column.paired_with = spec.optional<std::string>("paired_with", "");
    patch.with = spec.child("with", true).json();
    patch.at = spec.child("at", true).json();
    describe_patch(spec);
  }
  patch.pointer = spec.pointer();
  patch.scales = spec.optional<std::vector<std::string>>("scales", {});
  read_lacking(spec, patch);
  if (spec.describing()) spec.if_there<std::string>("pointer");
  if (column.kind == ColumnKind::kStructural) {
    column.pointer = spec.required<std::string>("pointer");
    check(is_json_pointer(column.pointer) || column.pointer == "parameters", ErrorKind::kUsage,
          spec.where("pointer"), fmt::format("'{}' is not a JSON pointer", column.pointer),
          "write it like /model/depth, or \"parameters\"");
  }
  column.unit = spec.optional<std::string>("unit", "");
  column.decimals = int(spec.in_range<int64_t>("decimals", 2, 0, 9));
  spec.reject_unread_keys();
  return column;
}

static Published read_cell(SpecReader spec, bool is_text, const std::string& row_origin) {
  Published cell;
  if (spec.describing()) spec.if_there<std::string>("text");
  if (is_text)
    cell.text = spec.required<std::string>("text");
  else
    cell.value = spec.required<double>("value");
  cell.spread = spec.if_there<double>("spread");
  cell.origin = spec.optional("origin", row_origin);
  cell.origin_value = spec.if_there<double>("origin_value");
  cell.origin_spread = spec.if_there<double>("origin_spread");
  cell.origin_runs = spec.if_there<int64_t>("origin_runs");
  cell.note = spec.optional<std::string>("note", "");
  spec.reject_unread_keys();
  return cell;
}

/// A column decides whether its cells have a "value" or a "text": here either may stand.
static Json cell_schema() {
  Json object = schema_of([](SpecReader spec) { read_cell(std::move(spec), false, ""); });
  object.erase("required");
  return {{"anyOf", {{{"type", "number"}}, {{"type", "string"}}, object}}};
}

/// A cell is a number, a text, or an object with more about it.
static Published read_published(SpecReader& paper, const TableColumn& column,
                                const std::string& row_origin) {
  const bool is_text = column.kind == ColumnKind::kText;
  if (!paper.json().at(column.name).is_object()) {
    Published cell;
    cell.origin = row_origin;
    if (is_text)
      cell.text = paper.required<std::string>(column.name);
    else
      cell.value = paper.required<double>(column.name);
    return cell;
  }
  return read_cell(paper.child(column.name), is_text, row_origin);
}

static void use_origin(TableSpec& table, const std::string& id, const std::string& where,
                       const std::map<std::string, Origin>& origins) {
  if (id.empty()) return;
  std::vector<std::string> known;
  for (const auto& [name, origin] : origins) known.push_back(name);
  check(origins.contains(id), ErrorKind::kUsage, where, fmt::format("unknown origin '{}'", id),
        suggestion(id, known));
  table.origins[id] = origins.at(id);
}

static TableRow read_row(SpecReader spec, TableSpec& table, SpecPatch& patch,
                         const std::map<std::string, Origin>& origins) {
  TableRow row;
  row.group = spec.optional<std::string>("group", "");
  row.label = spec.required<std::string>("label");
  row.note = spec.optional<std::string>("note", "");
  row.in_metrics = spec.optional<std::string>("in_metrics", "");
  const auto row_origin = spec.optional<std::string>("origin", "");
  SpecReader paper = spec.child("paper", true);
  for (const TableColumn& column : table.columns) {
    TableCell& cell = row.cells.emplace_back();
    if (!paper.has(column.name)) continue;
    cell.paper = read_published(paper, column, row_origin);
    use_origin(table, cell.paper->origin, paper.where(column.name), origins);
  }
  paper.reject_unread_keys();
  if (spec.describing()) spec.describe("paper", {{"additionalProperties", cell_schema()}});
  patch.with = spec.child("with", true).json();
  patch.at = spec.child("at", true).json();
  describe_patch(spec);
  patch.experiment = spec.optional<std::string>("experiment", "");
  patch.pointer = spec.pointer();
  spec.reject_unread_keys();
  return row;
}

static std::optional<FigureAxes> read_axes(SpecReader& spec) {
  if (!spec.has("figure") && !spec.describing()) return std::nullopt;
  SpecReader figure = spec.child("figure", true);
  FigureAxes axes;
  axes.points_are_rows = figure.one_of("points", "columns", {"rows", "columns"}) == "rows";
  axes.x_title = figure.required<std::string>("x_title");
  axes.y_title = figure.required<std::string>("y_title");
  figure.reject_unread_keys();
  return axes;
}

static void check_baseline(const SpecReader& spec, const TableSpec& table) {
  if (!spec.has("baseline")) return;
  std::vector<std::string> labels;
  for (const TableRow& row : table.rows) labels.push_back(row.label);
  check(std::find(labels.begin(), labels.end(), table.baseline) != labels.end(), ErrorKind::kUsage,
        spec.where("baseline"), fmt::format("no row has the label '{}'", table.baseline),
        suggestion(table.baseline, labels));
}

static ReadTable read_fields(SpecReader spec, const std::string& id,
                             const std::map<std::string, Origin>& origins) {
  ReadTable read;
  TableSpec& table = read.table;
  table.id = id;
  table.file = spec.file();
  table.title = spec.required<std::string>("title");
  table.note = spec.optional<std::string>("note", "");
  table.spread = spec.optional<std::string>("spread", "");
  table.baseline = spec.optional<std::string>("baseline", "Baseline");
  table.figure = read_axes(spec);
  read.base = spec.optional<std::string>("base", "");
  for (SpecReader& column : spec.children("columns"))
    table.columns.push_back(read_column(std::move(column), read.columns.emplace_back()));
  std::set<std::string> names;
  for (SpecReader& row : spec.children("rows")) {
    const std::string label_place = row.where("label");
    table.rows.push_back(read_row(std::move(row), table, read.rows.emplace_back(), origins));
    check(names.insert(table.rows.back().name()).second, ErrorKind::kUsage, label_place,
          fmt::format("'{}' is there twice", table.rows.back().name()),
          "give each row its own label, or a \"group\"");
  }
  check_baseline(spec, table);
  spec.reject_unread_keys();
  return read;
}

ReadTable read_table(const Json& json, const std::string& id, const std::string& file,
                     const std::map<std::string, Origin>& origins) {
  return read_fields(SpecReader(json, file), id, origins);
}

Json table_schema() {
  return schema_of([](SpecReader spec) { read_fields(std::move(spec), "", {}); });
}

void keep_columns_of(ReadTable& read, const std::string& scale) {
  for (size_t i = read.columns.size(); i-- > 0;) {
    const auto& scales = read.columns[i].scales;
    if (scales.empty() || std::find(scales.begin(), scales.end(), scale) != scales.end()) {
      read.table.columns[i].lacking = read.columns[i].lacking[scale];
      continue;
    }
    read.columns.erase(read.columns.begin() + long(i));
    read.table.columns.erase(read.table.columns.begin() + long(i));
    for (TableRow& row : read.table.rows) row.cells.erase(row.cells.begin() + long(i));
  }
}

std::string metric_of(const std::string& pattern, const TableRow& row) {
  static const std::string kPlace = "{row}";
  const size_t at = pattern.find(kPlace);
  if (at == std::string::npos) return pattern;
  return std::string(pattern).replace(at, kPlace.size(), row.in_metrics);
}

std::optional<CurvePlace> curve_place(const std::string& metric) {
  const size_t at = metric.rfind('@');
  if (at == std::string::npos) return std::nullopt;
  CurvePlace place{metric.substr(0, at)};
  const char* end = metric.data() + metric.size();
  const auto [rest, error] = std::from_chars(metric.data() + at + 1, end, place.frac);
  if (error != std::errc() || rest != end || !(place.frac >= 0 && place.frac <= 1))
    return std::nullopt;
  return place;
}

static Origin read_origin(SpecReader spec, const std::string& id) {
  Origin origin = {id, spec.required<std::string>("title"),
                   spec.optional<std::string>("protocol", "")};
  origin.facts = spec.optional("facts", Json::object());
  SpecReader figures = spec.child("figures", true);
  for (const auto& entry : figures.json().items())
    origin.figures[entry.key()] = figures.required<double>(entry.key());
  spec.describe("facts", {{"type", "object"}});
  spec.describe("figures", {{"additionalProperties", {{"type", "number"}}}});
  spec.reject_unread_keys();
  return origin;
}

std::map<std::string, Origin> read_origins(const Json& json, const std::string& file) {
  std::map<std::string, Origin> origins;
  for (const auto& [id, entry] : json.items())
    origins[id] = read_origin(SpecReader(entry, file, "/" + id), id);
  return origins;
}

Json origin_schema() {
  return schema_of([](SpecReader spec) { read_origin(std::move(spec), ""); });
}

}  // namespace mra
