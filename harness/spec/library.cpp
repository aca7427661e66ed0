#include "harness/spec/library.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/spec/inherit.h"

namespace mra {

namespace fs = std::filesystem;

static constexpr const char* kRunPrefix = "run:";
static constexpr const char* kMerged = "(merged spec)";  // replaced by the file that wrote a value

static std::vector<std::string> json_stems(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.path().extension() == ".json") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

SpecLibrary::SpecLibrary(fs::path root, std::vector<std::pair<std::string, Json>> overrides)
    : root_(std::move(root)), overrides_(std::move(overrides)) {
  check(fs::is_directory(root_ / "tables") && fs::is_directory(root_ / "scales"), ErrorKind::kUsage,
        root_.string(), "is not a folder of experiments (tables/, scales/, …)",
        "set HARNESS_EXPERIMENTS to one, or reinstall");
}

std::vector<std::string> SpecLibrary::table_ids() const {
  return json_stems(root_ / "tables");
}

std::vector<std::string> SpecLibrary::scales() const {
  return json_stems(root_ / "scales");
}

static void check_known(const std::string& name, const std::string& what,
                        const std::vector<std::string>& known) {
  check(std::find(known.begin(), known.end(), name) != known.end(), ErrorKind::kUsage, "",
        fmt::format("unknown {} '{}'", what, name), suggestion(name, known));
}

Json SpecLibrary::scale_patches(const std::string& scale) const {
  check_known(scale, "scale", scales());
  const fs::path path = root_ / "scales" / (scale + ".json");
  SpecReader spec(read_json_file(path), path.string());
  spec.optional<std::string>("note", "");
  for (const char* task : {"supervised", "mae_pretrain"}) spec.child(task, true);
  spec.reject_unread_keys();
  return spec.json();
}

/// Merges the patch for `scale` of an "at" object; every scale it names must exist.
void SpecLibrary::add_scale_patch(LayeredSpec& spec, const std::string& file,
                                  const std::string& pointer, const Json& at,
                                  const std::string& scale) const {
  SpecReader patches(at, file, pointer);
  for (const std::string& name : scales()) {
    const SpecReader patch = patches.child(name, true);
    if (name == scale) spec.add(file, patch.pointer(), patch.json());
  }
  patches.reject_unread_keys();
}

LayeredSpec SpecLibrary::resolve(const std::string& name, const std::string& scale) const {
  LayeredSpec spec = read_inherited(root_, name);
  const auto files = spec.layers();
  const std::string task = SpecReader(spec.merged(), spec.file()).required<std::string>("task");
  const Json patches = scale_patches(scale);
  const std::string scale_file = (root_ / "scales" / (scale + ".json")).string();
  if (patches.contains(task)) spec.add(scale_file, "/" + task, patches[task]);
  for (const auto& layer : files)
    if (layer.patch.contains("at"))
      add_scale_patch(spec, layer.file, "/at", layer.patch["at"], scale);
  spec.add(scale_file, "", {{"scale", scale}, {"at", nullptr}});
  return spec;
}

/// "dataset": {"name": …} stands for the entry of that name in datasets.json, changed by the rest.
void SpecLibrary::fill_dataset(Json& resolved) const {
  const fs::path path = root_ / "datasets.json";
  SpecReader spec(resolved, kMerged);
  SpecReader dataset = spec.child("dataset");
  const std::string name = dataset.required<std::string>("name");
  const Json known = read_json_file(path);
  std::vector<std::string> names;
  for (const auto& [key, value] : known.items()) names.push_back(key);
  check(known.contains(name), ErrorKind::kUsage, dataset.where("name"),
        fmt::format("unknown data set '{}'", name), suggestion(name, names));
  Json filled = known[name];
  filled.merge_patch(dataset.json());
  filled.erase("note");
  resolved["dataset"] = filled;
}

void SpecLibrary::fill_dependencies(Json& node, const std::string& scale,
                                    std::vector<Dependency>& found) const {
  if (node.is_structured())
    for (Json& child : node) fill_dependencies(child, scale, found);
  if (!node.is_string() || !node.get_ref<const std::string&>().starts_with(kRunPrefix)) return;
  const std::string name = node.get<std::string>().substr(std::string(kRunPrefix).size());
  const ExperimentSpec needed = experiment(name, scale);
  node = kRunPrefix + needed.key;
  const auto same = [&](const Dependency& other) { return other.key == needed.key; };
  if (std::none_of(found.begin(), found.end(), same))
    found.push_back({name, needed.key, needed.seeds.front()});
}

/// A complaint about the merged spec, told of the file and place that wrote the value.
[[noreturn]] static void fail_at_origin(const Error& error, const LayeredSpec& spec) {
  const std::string prefix = std::string(kMerged) + ": ";
  if (!error.where.starts_with(prefix)) throw error;
  fail(error.kind, spec.origin(error.where.substr(prefix.size())), error.what_happened, error.cure);
}

ExperimentSpec SpecLibrary::finish(const LayeredSpec& spec, const std::string& name,
                                   const std::string& scale) const {
  try {
    Json resolved = spec.merged();
    fill_dataset(resolved);
    std::vector<Dependency> dependencies;
    fill_dependencies(resolved, scale, dependencies);
    ExperimentSpec experiment = read_experiment(resolved, name, kMerged);
    experiment.file = spec.layers().back().file;
    experiment.dependencies = std::move(dependencies);
    experiment.layers = std::make_shared<LayeredSpec>(spec);
    return experiment;
  } catch (const Error& error) {
    fail_at_origin(error, spec);
  }
}

ExperimentSpec SpecLibrary::experiment(const std::string& name, const std::string& scale) const {
  return finish(resolve(name, scale), name, scale);
}

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

/// The experiments of a row: one that all columns share, and one for each column with a patch.
void SpecLibrary::add_row_experiments(ReadTable& read, size_t row_index) const {
  TableSpec& table = read.table;
  TableRow& row = table.rows[row_index];
  const SpecPatch& row_patch = read.rows[row_index];
  const std::string base = row_patch.experiment.empty() ? read.base : row_patch.experiment;
  check(!base.empty(), ErrorKind::kUsage, fmt::format("{}: {}", table.file, row_patch.pointer),
        "names no experiment", "give the table a \"base\", or the row an \"experiment\"");
  const auto add_patch = [&](LayeredSpec& spec, const SpecPatch& patch) {
    spec.add(table.file, patch.pointer + "/with", patch.with);
    add_scale_patch(spec, table.file, patch.pointer + "/at", patch.at, table.scale);
  };
  std::optional<size_t> shared;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    const TableColumn& column = table.columns[i];
    const SpecPatch& patch = read.columns[i];
    if (column.metric.empty()) continue;
    const bool own = !patch.with.empty() || !patch.at.empty();
    if (own || !shared) {
      LayeredSpec spec = resolve(base, table.scale);
      add_patch(spec, row_patch);
      if (own) add_patch(spec, patch);
      for (const auto& [pointer, value] : overrides_)
        spec.add("--set", "", patch_of(pointer, value));
      const std::string name = fmt::format("{}/{}", table.id, row.name());
      row.experiments.push_back(
          finish(spec, own ? fmt::format("{}/{}", name, column.title) : name, table.scale));
      if (!own) shared = row.experiments.size() - 1;
    }
    row.cells[i].experiment = own ? row.experiments.size() - 1 : *shared;
  }
}

/// Structural figures follow from the spec of the augmentor, the first run that a row starts from.
void SpecLibrary::fill_structural(TableSpec& table, TableRow& row) const {
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].kind != ColumnKind::kStructural) continue;
    if (row.experiments.empty() || row.experiments[0].dependencies.empty()) continue;
    const Dependency& augmentor = row.experiments[0].dependencies[0];
    const Json identity = experiment(augmentor.experiment, table.scale).resolved;
    const Json::json_pointer place(table.columns[i].pointer);
    if (identity.contains(place) && identity[place].is_number())
      row.cells[i].structural = identity[place].get<double>();
  }
}

TableSpec SpecLibrary::table(const std::string& id, const std::string& scale) const {
  check_known(id, "table or figure", table_ids());
  const std::string file = (root_ / "tables" / (id + ".json")).string();
  const fs::path origins = root_ / "origins.json";
  ReadTable read =
      read_table(read_json_file(file), id, file, read_origins(read_json_file(origins), origins));
  read.table.scale = scale;
  for (size_t i = 0; i < read.table.rows.size(); ++i) {
    add_row_experiments(read, i);
    fill_structural(read.table, read.table.rows[i]);
  }
  return std::move(read.table);
}

fs::path find_experiments() {
  if (const char* named = std::getenv("HARNESS_EXPERIMENTS")) return named;
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  for (fs::path folder = program.parent_path(); folder != folder.root_path();
       folder = folder.parent_path()) {
    for (const char* place : {"experiments", "share/harness/experiments"})
      if (fs::is_directory(folder / place / "tables")) return folder / place;
  }
  fail(ErrorKind::kEnvironment, program.string(), "finds no experiments near itself",
       "set HARNESS_EXPERIMENTS to the folder experiments/ of the source");
}

}  // namespace mra
