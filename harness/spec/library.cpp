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

/// Takes "at" out of `json` and gives its patch for `scale`.
static Json take_scale_patch(Json& json, const std::string& scale,
                             const std::vector<std::string>& scales, const std::string& file) {
  if (!json.contains("at")) return Json::object();
  SpecReader at(json["at"], file, "/at");
  Json patch = Json::object();
  for (const std::string& name : scales) {
    const Json found = at.child(name, true).json();
    if (name == scale) patch = found;
  }
  at.reject_unread_keys();
  json.erase("at");
  return patch;
}

Json SpecLibrary::resolve(const std::string& name, const std::string& scale) const {
  const std::string file = (root_ / (name + ".json")).string();
  Json resolved = read_inherited(root_, name);
  const Json own = take_scale_patch(resolved, scale, scales(), file);
  const std::string task = SpecReader(resolved, file).required<std::string>("task");
  const Json patches = scale_patches(scale);
  if (patches.contains(task)) resolved.merge_patch(patches[task]);
  resolved.merge_patch(own);
  resolved["scale"] = scale;
  return resolved;
}

/// "dataset": {"name": …} stands for the entry of that name in datasets.json, changed by the rest.
void SpecLibrary::fill_dataset(Json& resolved, const std::string& file) const {
  const fs::path path = root_ / "datasets.json";
  SpecReader spec(resolved, file);
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

void SpecLibrary::fill_dependencies(Json& node, const std::string& file, const std::string& scale,
                                    std::vector<Dependency>& found) const {
  if (node.is_structured())
    for (Json& child : node) fill_dependencies(child, file, scale, found);
  if (!node.is_string() || !node.get_ref<const std::string&>().starts_with(kRunPrefix)) return;
  const std::string name = node.get<std::string>().substr(std::string(kRunPrefix).size());
  const ExperimentSpec needed = experiment(name, scale);
  node = kRunPrefix + needed.key;
  const auto same = [&](const Dependency& other) { return other.key == needed.key; };
  if (std::none_of(found.begin(), found.end(), same))
    found.push_back({name, needed.key, needed.seeds.front()});
}

ExperimentSpec SpecLibrary::finish(Json resolved, const std::string& name, const std::string& file,
                                   const std::string& scale) const {
  fill_dataset(resolved, file);
  std::vector<Dependency> dependencies;
  fill_dependencies(resolved, file, scale, dependencies);
  ExperimentSpec experiment = read_experiment(resolved, name, file);
  experiment.dependencies = std::move(dependencies);
  return experiment;
}

ExperimentSpec SpecLibrary::experiment(const std::string& name, const std::string& scale) const {
  return finish(resolve(name, scale), name, (root_ / (name + ".json")).string(), scale);
}

static void apply_override(Json& spec, const std::string& pointer, const Json& value) {
  try {
    spec[Json::json_pointer(pointer)] = value;
  } catch (const Json::exception&) {
    fail(ErrorKind::kUsage, "--set " + pointer, "there is no such place in the spec",
         "give a JSON pointer such as /recipe/epochs");
  }
}

TableSpec SpecLibrary::table(const std::string& id, const std::string& scale) const {
  check_known(id, "table or figure", table_ids());
  const std::string file = (root_ / "tables" / (id + ".json")).string();
  std::vector<Json> rows;
  const Json json = read_json_file(file);
  TableSpec table = read_table(json, id, file, rows);
  table.scale = scale;
  for (size_t i = 0; i < rows.size(); ++i) {
    Json& row = rows[i];
    const std::string base = row.value("experiment", json.value("base", ""));
    check(!base.empty(), ErrorKind::kUsage, fmt::format("{}: /rows/{}", file, i),
          "names no experiment", "give the table a \"base\", or the row an \"experiment\"");
    Json resolved = resolve(base, scale);
    const Json patch = take_scale_patch(row, scale, scales(), file);
    resolved.merge_patch(row.value("with", Json::object()));
    resolved.merge_patch(patch);
    for (const auto& [pointer, value] : overrides_) apply_override(resolved, pointer, value);
    table.rows[i].experiment =
        finish(resolved, id + "/" + table.rows[i].label, fmt::format("{}: row {}", file, i), scale);
  }
  return table;
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
