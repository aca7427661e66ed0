#include "harness/spec/library.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/spec/catalog_names.h"
#include "harness/spec/dataset_entry.h"
#include "harness/spec/inherit.h"
#include "harness/spec/weights_source.h"

namespace mra {

SpecLibrary::SpecLibrary(ExperimentFolders folders,
                         std::vector<std::pair<std::string, Json>> overrides)
    : folders_(std::move(folders)),
      overrides_(std::move(overrides)),
      table_ids_(folders_.names_in("tables")),
      scales_(folders_.names_in("scales")) {
  std::stable_partition(table_ids_.begin(), table_ids_.end(),
                        [](const std::string& id) { return id.starts_with("table"); });
  // Options that are set beside a name are of the data set with that name.
  std::stable_partition(overrides_.begin(), overrides_.end(),
                        [](const auto& entry) { return entry.first == "/dataset/name"; });
}

const Json& SpecLibrary::file(const std::string& name) const {
  const auto found = files_.find(name);
  if (found != files_.end()) return found->second;
  return files_[name] = read_json_file(folders_.path_of(name));
}

const Json& SpecLibrary::entries(const std::string& name) const {
  const auto found = files_.find(name);
  if (found != files_.end()) return found->second;
  return files_[name] = folders_.entries_of(name);
}

void SpecLibrary::check_known(const std::string& name, const std::string& what,
                              const std::vector<std::string>& known) {
  check(std::find(known.begin(), known.end(), name) != known.end(), ErrorKind::kUsage, "",
        fmt::format("unknown {} '{}'", what, name), suggestion(name, known));
}

/// The file of a scale: a patch for each task, under its name.
const Json& SpecLibrary::scale_patches(const std::string& scale) const {
  check_known(scale, "scale", scales_);
  const std::string name = "scales/" + scale + ".json";
  SpecReader spec(file(name), path_of(name));
  spec.optional<std::string>("note", "");
  for (const std::string& task : task_names()) spec.child(task, true);
  spec.reject_unread_keys();
  return file(name);
}

/// Merges the patch for `scale` of an "at" object; every scale it names must exist.
void SpecLibrary::add_scale_patch(LayeredSpec& spec, const std::string& file,
                                  const std::string& pointer, const Json& at,
                                  const std::string& scale) const {
  if (at.empty()) return;
  SpecReader patches(at, file, pointer);
  for (const std::string& name : scales_) {
    const SpecReader patch = patches.child(name, true);
    if (name == scale) spec.add(file, patch.pointer(), patch.json());
  }
  patches.reject_unread_keys();
}

const LayeredSpec& SpecLibrary::resolve(const std::string& name, const std::string& scale,
                                        const std::string& from) const {
  const auto found = bases_.find({name, scale});
  if (found != bases_.end()) return found->second;
  LayeredSpec spec = read_inherited(folders_, name, from);
  const auto files = spec.layers();
  const std::string task = SpecReader(spec.merged(), spec.file()).required<std::string>("task");
  const Json& patches = scale_patches(scale);
  const std::string scale_file = path_of("scales/" + scale + ".json");
  if (patches.contains(task)) spec.add(scale_file, "/" + task, patches[task]);
  for (const auto& layer : files)
    if (layer.patch.contains("at"))
      add_scale_patch(spec, layer.file, "/at", layer.patch["at"], scale);
  spec.add(scale_file, "", {{"scale", scale}, {"at", nullptr}});
  return bases_[{name, scale}] = std::move(spec);
}

/// Replaces the name of every experiment below `node`, which lies at `pointer` of the merged spec,
/// by its key, and adds it to `found`.
void SpecLibrary::fill_dependencies(Json& node, const std::string& pointer,
                                    const std::string& scale,
                                    std::vector<Dependency>& found) const {
  if (node.is_structured())
    for (auto& [key, child] : node.items())
      fill_dependencies(child, pointer + "/" + key, scale, found);
  if (!node.is_string()) return;
  const auto source = weights_source(node.get_ref<const std::string&>());
  if (!source || source->kind != WeightsSource::Kind::kRun) return;
  const ExperimentSpec& needed =
      resolved(source->name, scale, fmt::format("{}: {}", LayeredSpec::kMerged, pointer));
  node = text(WeightsSource{source->kind, needed.key});
  const auto same = [&](const Dependency& other) { return other.key == needed.key; };
  if (std::none_of(found.begin(), found.end(), same))
    found.push_back({source->name, needed.key, needed.seeds.front()});
}

ExperimentSpec SpecLibrary::finish(const LayeredSpec& spec, const std::string& name,
                                   const std::string& scale) const {
  try {
    Json resolved = spec.merged();
    resolved["dataset"] = full_dataset(SpecReader(resolved, LayeredSpec::kMerged).child("dataset"),
                                       entries("datasets.json"));
    Json evaluate = resolved.value("evaluate", Json());
    resolved.erase("evaluate");
    std::vector<Dependency> needs, judge_needs;
    fill_dependencies(resolved, "", scale, needs);
    fill_dependencies(evaluate, "/evaluate", scale, judge_needs);
    if (!evaluate.is_null()) resolved["evaluate"] = std::move(evaluate);
    ExperimentSpec experiment = read_experiment(resolved, name, LayeredSpec::kMerged);
    experiment.file = spec.layers().back().file;
    experiment.dependencies = std::move(needs);
    experiment.judge_dependencies = std::move(judge_needs);
    experiment.layers = std::make_shared<LayeredSpec>(spec);
    return experiment;
  } catch (const Error& error) {
    throw spec.at_origin(error);
  }
}

const ExperimentSpec& SpecLibrary::resolved(const std::string& name, const std::string& scale,
                                            const std::string& from) const {
  const auto found = experiments_.find({name, scale});
  if (found != experiments_.end()) return found->second;
  const bool circle = std::count(resolving_.begin(), resolving_.end(), name) > 0;
  resolving_.push_back(name);
  check(!circle, ErrorKind::kUsage, path_of(name + ".json"),
        fmt::format("starts from its own result: {}", fmt::join(resolving_, " -> ")),
        "let one of them start without weights");
  try {
    ExperimentSpec experiment = finish(resolve(name, scale, from), name, scale);
    resolving_.pop_back();
    return experiments_[{name, scale}] = std::move(experiment);
  } catch (...) {
    resolving_.clear();
    throw;
  }
}

ExperimentSpec SpecLibrary::experiment(const std::string& name, const std::string& scale) const {
  return resolved(name, scale, path_of(name));
}

}  // namespace mra
