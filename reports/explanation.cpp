#include "reports/explanation.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "harness/spec/layered_spec.h"
#include "harness/spec/shallow_json.h"
#include "harness/store/run_facts.h"
#include "reports/renderers.h"

namespace mra {

namespace {

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json();
}

Json words_or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

/// The publication that a figure is taken from; null: the paper's authors measured it.
Json origin_json(const Published& paper, const TableSpec& table) {
  if (paper.origin.empty()) return {};
  const auto found = table.origins.find(paper.origin);
  const Origin origin = found == table.origins.end() ? Origin{paper.origin, "", ""} : found->second;
  return {{"id", paper.origin},
          {"title", origin.title},
          {"protocol", origin.protocol},
          {"value", or_null(paper.origin_value)},
          {"spread", or_null(paper.origin_spread)},
          {"runs", or_null(paper.origin_runs)}};
}

Json paper_json(const std::optional<Published>& paper, const TableSpec& table) {
  if (!paper) return {};
  return {{"value", or_null(paper->value)},
          {"text", words_or_null(paper->text)},
          {"spread", or_null(paper->spread)},
          {"spread_of", paper->spread ? words_or_null(table.spread) : Json()},
          {"origin", origin_json(*paper, table)},
          {"note", words_or_null(paper->note)}};
}

Json cell_json(const TableSpec& table, const TableRow& row, size_t index, const ReportCell& cell) {
  const TableColumn& column = table.columns[index];
  const auto place = row.cells[index].experiment;
  return {{"column", column.name},
          {"title", column.title},
          {"kind", name(column.kind)},
          {"metric", words_or_null(metric_of(column.metric, row))},
          {"unit", words_or_null(column.unit)},
          {"decimals", column.decimals},
          {"spread_over", words_or_null(column.spread_metric.empty() ? "" : column.spread_over)},
          {"paper", paper_json(cell.paper, table)},
          {"measured", measured_json(cell.measured)},
          {"structural", or_null(cell.structural)},
          {"structural_from", words_or_null(column.pointer)},
          {"state", words_or_null(state_text(cell))},
          {"reason", words_or_null(cell.reason)},
          {"experiment", place ? Json(row.experiments[*place].key) : Json()}};
}

/// A path relative to the folder of experiments; a path outside it stays as it is.
std::string short_place(const std::string& place, const ExperimentFolders& folders) {
  const std::string prefix = folders.roots().front().string() + "/";
  return place.starts_with(prefix) ? place.substr(prefix.size()) : place;
}

/// The file, and the position in it, that gave a resolved spec its value at `pointer`.
std::string writer_of(const std::string& pointer, const ExperimentSpec& experiment) {
  const auto& layers = experiment.layers->layers();
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer)
    if (find_at(layer->patch, Json::json_pointer(pointer)))
      return fmt::format("{}: {}{}", layer->file, layer->pointer, pointer);
  constexpr std::string_view kDataset = "/dataset";
  if (pointer.starts_with(kDataset))
    return fmt::format("datasets.json: /{}{}", experiment.dataset.value("name", ""),
                       pointer.substr(kDataset.size()));
  return experiment.layers->origin(pointer);
}

Json merged_json(const ExperimentSpec& experiment, const ExperimentFolders& folders) {
  Json layers = Json::array(), values = Json::array();
  if (!experiment.layers) return {{"layers", layers}, {"values", values}};
  for (const auto& layer : experiment.layers->layers())
    if (!layer.patch.empty())
      layers.push_back(layer.file == "--set"
                           ? "--set " + layer.patch.flatten().begin().key()
                           : short_place(layer.file + ": /" +
                                             layer.pointer.substr(layer.pointer.empty() ? 0 : 1),
                                         folders));
  const Json flat = experiment.resolved.flatten();
  for (const auto& [pointer, value] : flat.items())
    values.push_back({{"pointer", pointer},
                      {"value", value},
                      {"from", short_place(writer_of(pointer, experiment), folders)}});
  return {{"layers", layers}, {"values", values}};
}

/// What --set changed: {"pointer", "declared", "set"}; an entry absent in the spec is null.
Json deviations_json(const ExperimentSpec& experiment, const ExperimentSpec& declared) {
  const Json before = declared.resolved.flatten(), after = experiment.resolved.flatten();
  Json pointers = before, found = Json::array();
  pointers.update(after);
  for (const auto& [pointer, value] : pointers.items())
    if (before.value(pointer, Json()) != after.value(pointer, Json()))
      found.push_back({{"pointer", pointer},
                       {"declared", before.value(pointer, Json())},
                       {"set", after.value(pointer, Json())}});
  return found;
}

Json run_json(const std::filesystem::path& workspace, const ResultStore& store, const RunId& id) {
  const Json facts = run_facts(workspace, store, id);
  const RunDirectory directory(RunDirectory::path_of(workspace, id));
  Json run = {{"run", text(id)}, {"spec_file", directory.spec_file().string()}};
  for (const char* field :
       {"key", "seed", "state", "reason", "directory", "started_utc", "wall_s", "cpu_s",
        "peak_memory_bytes", "attempts", "weights_sha256", "metrics", "environment"})
    run[field] = facts.value(field, Json());
  run["curves"] = curve_ends(facts.value("curves", Json::object()));
  return run;
}

/// The seeds asked for; if none was, those of the spec and all that are recorded.
std::vector<int64_t> seeds_shown(const ExperimentSpec& experiment,
                                 const std::vector<int64_t>& asked, const ResultStore& store) {
  if (!asked.empty()) return asked;
  std::set<int64_t> seeds(experiment.seeds.begin(), experiment.seeds.end());
  for (const RunId& id : store.runs_of(experiment.key)) seeds.insert(id.seed);
  return {seeds.begin(), seeds.end()};
}

Json experiment_json(const Explained& asked, const ResultStore& store,
                     const ExperimentSpec& experiment, const ExperimentSpec& declared,
                     const ExperimentFolders& folders) {
  Json starts_from = Json::array(), runs = Json::array();
  for (const Dependency& needed : experiment.dependencies) {
    const RunId id{needed.key, needed.seed};
    const RunDirectory directory(RunDirectory::path_of(asked.workspace, id));
    starts_from.push_back({{"experiment", needed.experiment},
                           {"run", text(id)},
                           {"state", name(store.has(id) ? RunState::kDone : directory.state())},
                           {"directory", directory.path().string()}});
  }
  for (const int64_t seed : seeds_shown(experiment, asked.seeds, store))
    runs.push_back(run_json(asked.workspace, store, {experiment.key, seed}));
  return {{"name", experiment.name},
          {"key", experiment.key},
          {"file", short_place(experiment.file, folders)},
          {"unavailable", words_or_null(asked.unavailable(experiment))},
          {"spec", experiment.resolved},
          {"merged", merged_json(experiment, folders)},
          {"deviations", deviations_json(experiment, declared)},
          {"starts_from", starts_from},
          {"runs", runs}};
}

}  // namespace

Json explanation(const ResultStore& store, const CellPlace& place, const Explained& asked) {
  const SpecLibrary plain(find_experiments());  // as declared, without --set
  const TableRow& row = place.table.rows[place.row];
  const TableRow declared = plain.table(place.table.id, place.table.scale).rows[place.row];
  TableSpec only = place.table;
  only.rows = {row};
  ReportOptions options;
  options.workspace = asked.workspace;
  options.seeds = asked.seeds;
  const ReportTable report = make_report(only, store, options);

  Json cells = Json::array(), experiments = Json::array();
  std::set<size_t> shown;
  for (const size_t column : place.columns) {
    cells.push_back(cell_json(only, row, column, report.rows[0].cells[column]));
    const auto used = row.cells[column].experiment;
    if (used && shown.insert(*used).second)
      experiments.push_back(experiment_json(asked, store, row.experiments[*used],
                                            declared.experiments[*used], plain.folders()));
  }
  return {{"table", only.id},
          {"title", only.title},
          {"row", row.name()},
          {"scale", only.scale},
          {"note", words_or_null(row.note)},
          {"cells", cells},
          {"experiments", experiments}};
}

}  // namespace mra
