#include "harness/spec/experiment.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/base/suggest.h"
#include "harness/spec/catalog_names.h"

namespace mra {

std::string experiment_key(const Json& identity) {
  return sha256("mra-harness/spec/v1\n" + identity.dump()).substr(0, 16);
}

static void check_name(const std::string& where, const std::string& what, const std::string& name,
                       const std::vector<std::string>& known) {
  check(std::find(known.begin(), known.end(), name) != known.end(), ErrorKind::kUsage, where,
        fmt::format("unknown {} '{}'", what, name), suggestion(name, known));
}

/// One name with its options, which the factory of that name checks.
static Json named_options_schema(const std::vector<std::string>& names) {
  Json schema = {{"type", "object"},
                 {"minProperties", 1},
                 {"maxProperties", 1},
                 {"additionalProperties", false}};
  for (const std::string& name : names) schema["properties"][name] = {{"type", "object"}};
  return schema;
}

/// Reads a name that is one of `known`.
static std::string read_name(SpecReader& spec, const std::string& key, const std::string& what,
                             const std::vector<std::string>& known) {
  std::string name = spec.required<std::string>(key);
  if (spec.describing())
    spec.describe(key, {{"enum", known}});
  else
    check_name(spec.where(key), what, name, known);
  return name;
}

/// Reads `"key": [{"name": {options}}, …]`.
static std::vector<NamedOptions> read_list(SpecReader& spec, const std::string& key,
                                           const std::string& what,
                                           const std::vector<std::string>& known) {
  std::vector<NamedOptions> list;
  const auto entries = spec.optional<std::vector<Json>>(key, {});
  if (spec.describing()) spec.describe(key, {{"items", named_options_schema(known)}});
  for (size_t i = 0; i < entries.size(); ++i) {
    const std::string pointer = fmt::format("{}/{}/{}", spec.pointer(), key, i);
    const std::string where = fmt::format("{}: {}", spec.file(), pointer);
    check(entries[i].is_object() && entries[i].size() == 1, ErrorKind::kUsage, where,
          "expected one name with its options", "write it as {\"cutmix\": {\"prob\": 1}}");
    const auto entry = entries[i].items().begin();
    check_name(where, what, entry.key(), known);
    check(entry.value().is_object(), ErrorKind::kUsage, where + "/" + entry.key(),
          "options must be an object", "write {} for the defaults");
    list.push_back({entry.key(), entry.value(), pointer + "/" + entry.key()});
  }
  return list;
}

static Json named_object(SpecReader& spec, const std::string& key, const std::string& what,
                         const std::vector<std::string>& known, const std::string& name_key) {
  SpecReader object = spec.child(key);
  read_name(object, name_key, what, known);
  return object.json();
}

static bool is_judge(const std::string& evaluator) {
  static const std::vector<std::string> kJudges = judge_names();
  return std::count(kJudges.begin(), kJudges.end(), evaluator) > 0;
}

/// The evaluators of tasks have no options.
static void check_options(const NamedOptions& evaluator, const std::string& file) {
  check(is_judge(evaluator.name) || evaluator.options.empty(), ErrorKind::kUsage,
        fmt::format("{}: {}", file, evaluator.pointer),
        fmt::format("'{}' has no options", evaluator.name), "write {}");
}

/// The method that a task is given in its options, under `key`.
static void check_method(SpecReader& reader, const ExperimentSpec& experiment,
                         const std::string& task, const std::string& key,
                         const std::vector<std::string>& known) {
  if (experiment.task != task || !experiment.task_options.contains(key)) return;
  SpecReader options = reader.child("task_options");
  check_name(options.where(key), task + " method", options.required<std::string>(key), known);
}

static ExperimentSpec read_fields(SpecReader reader, const std::string& name) {
  ExperimentSpec experiment;
  experiment.name = name;
  experiment.file = reader.file();
  experiment.resolved = reader.json();
  for (const char* key : {"name", "note", "seeds", "evaluate"}) experiment.resolved.erase(key);
  reader.optional<std::string>("name", "");
  reader.optional<std::string>("note", "");
  reader.optional<int64_t>("version", 1);
  experiment.scale = reader.required<std::string>("scale");
  experiment.task = read_name(reader, "task", "task", task_names());
  experiment.dataset = named_object(reader, "dataset", "kind of data set", dataset_names(), "kind");
  experiment.input = reader.child("input").json();
  experiment.model = named_object(reader, "model", "model", model_names(), "name");
  experiment.task_options = reader.child("task_options", true).json();
  check_method(reader, experiment, "semi_supervised", "algorithm", semi_supervised_names());
  check_method(reader, experiment, "few_shot", "method", few_shot_names());
  if (trains(experiment.task) || reader.has("recipe"))
    experiment.recipe = read_recipe(reader.child("recipe"));
  experiment.image_transforms =
      read_list(reader, "image_transforms", "image transform", image_transform_names());
  experiment.batch_transforms =
      read_list(reader, "batch_transforms", "batch transform", batch_transform_names());
  experiment.evaluate = read_list(reader, "evaluate", "evaluator", evaluator_names());
  for (const NamedOptions& entry : experiment.evaluate) check_options(entry, reader.file());
  experiment.seeds = reader.optional<std::vector<int64_t>>("seeds", {0});
  check(!experiment.seeds.empty() && experiment.seeds.front() >= 0, ErrorKind::kUsage,
        reader.where("seeds"), "expected at least one seed, from 0 up", "write [0, 1, 2]");
  reader.reject_unread_keys();
  experiment.key = experiment_key(experiment.resolved);
  return experiment;
}

ExperimentSpec read_experiment(const Json& spec, const std::string& name, const std::string& file) {
  return read_fields(SpecReader(spec, file), name);
}

Json experiment_schema() {
  return schema_of([](SpecReader reader) { read_fields(std::move(reader), ""); });
}

std::vector<NamedOptions> judges_of(const ExperimentSpec& experiment) {
  std::vector<NamedOptions> judges;
  for (const NamedOptions& entry : experiment.evaluate)
    if (is_judge(entry.name)) judges.push_back(entry);
  return judges;
}

}  // namespace mra
