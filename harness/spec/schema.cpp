#include "harness/spec/schema.h"

#include <string>
#include <utility>
#include <vector>

#include "harness/spec/catalog_names.h"
#include "harness/spec/open_choice.h"

namespace mra {

static Json ref(const std::string& name) {
  return {{"$ref", "#/$defs/" + name}};
}

static Json has_any(const std::vector<std::string>& keys) {
  Json any = Json::array();
  for (const std::string& key : keys) any.push_back({{"required", {key}}});
  return {{"anyOf", any}};
}

/// What a patch may hold where `schema` describes the whole: no key is required, and null takes a
/// key away.
static Json patch_of(Json schema) {
  schema.erase("required");
  if (schema.contains("anyOf"))
    for (Json& one : schema["anyOf"]) one = patch_of(std::move(one));
  if (!schema.contains("properties")) return schema;
  for (Json& property : schema["properties"])
    property = {{"anyOf", {{{"type", "null"}}, patch_of(std::move(property))}}};
  return schema;
}

/// Fills in what each name of a list may be given, and what any model may be.
static void add_options(const Json& options, Json& properties) {
  for (const char* list : {"image_transforms", "batch_transforms", "evaluate"})
    for (const auto& [name, schema] : options.at(list).items())
      properties[list]["items"]["properties"][name] = schema;
  for (const Json& model : options.at("model"))
    for (const auto& [key, schema] : model.at("properties").items())
      if (key != "name") properties["model"]["properties"][key]["anyOf"].push_back(schema);
  properties["model"]["additionalProperties"] = false;
}

static Json options_of(const std::string& task) {
  return mra::ref(task + "_options");
}

/// What a patch may give the options of one task. It may take away those of another task, or of
/// another method of this one.
static Json task_options_patch(const Json& schema) {
  Json any = {{"anyOf", {{{"type", "null"}}}}};
  for (Json one : schema.contains("anyOf") ? schema["anyOf"] : Json::array({schema})) {
    one = patch_of(std::move(one));
    one["additionalProperties"] = {{"type", "null"}};
    any["anyOf"].push_back(std::move(one));
  }
  return any;
}

/// A patch that names no task may give the options of any, as what it changes names one.
static void add_task_options(const Json& tasks, Json& experiment) {
  Json any = Json::array();
  for (const auto& [task, ignored] : tasks.items()) {
    any.push_back(options_of(task));
    experiment["allOf"].push_back(
        {{"if", {{"required", {"task"}}, {"properties", {{"task", {{"const", task}}}}}}},
         {"then", {{"properties", {{"task_options", options_of(task)}}}}}});
  }
  experiment["properties"]["task_options"] = {{"anyOf", any}};
}

/// A patch of an experiment, or a file that extends another one.
static Json experiment_patch(const Json& dataset, const Json& input, const Json& options) {
  Json schema = experiment_schema();
  Json& properties = schema["properties"];
  properties["dataset"] = dataset;
  properties["input"] = input;
  if (!options.is_null()) add_options(options, properties);
  schema = patch_of(std::move(schema));
  schema["properties"]["extends"] = {{"type", "string"}};
  schema["properties"]["at"] = ref("at");
  schema["properties"].erase("scale");  // the command line gives it
  if (!options.is_null()) add_task_options(options.at("task_options"), schema);
  return schema;
}

/// An object with a patch for each of `names`.
static Json patches_for(const std::vector<std::string>& names) {
  Json schema = {{"type", "object"}, {"additionalProperties", false}};
  for (const std::string& name : names) schema["properties"][name] = ref("experiment");
  return schema;
}

/// A file of a scale: a patch for each task.
static Json scale_schema(const Json& options) {
  Json schema = patches_for(task_names());
  if (!options.is_null())
    for (const std::string& task : task_names())
      schema["properties"][task] = {
          {"allOf", {ref("experiment"), {{"properties", {{"task_options", options_of(task)}}}}}}};
  schema["properties"]["note"] = {{"type", "string"}};
  return schema;
}

/// The files of entries. Those of claims.json have "rows"; of statements.json a "sentence" without;
/// of open_choices.json a "question"; of datasets.json a "kind"; of origins.json none of these.
static Json entries_schema() {
  const std::vector<std::pair<const char*, const char*>> told_by = {{"kind", "dataset"},
                                                                    {"question", "open_choice"},
                                                                    {"sentence", "statement"},
                                                                    {"rows", "claim"}};
  Json entry = ref("origin");
  for (const auto& [key, definition] : told_by)
    entry = {{"if", has_any({key})}, {"then", ref(definition)}, {"else", entry}};
  return {{"type", "object"}, {"additionalProperties", entry}};
}

Json experiments_schema(const SpecLibrary& library, const Json& dataset, const Json& input,
                        const Json& options) {
  const Json experiment = experiment_patch(dataset, input, options);
  std::vector<std::string> experiment_keys;
  for (const auto& [key, value] : experiment["properties"].items())
    if (key != "note") experiment_keys.push_back(key);
  std::vector<std::string> scale_keys = task_names();
  scale_keys.push_back("note");
  const Json entries_or_scale = {
      {"if", has_any(scale_keys)}, {"then", ref("scale")}, {"else", entries_schema()}};
  const Json spec_or_other = {
      {"if", has_any(experiment_keys)}, {"then", ref("experiment")}, {"else", entries_or_scale}};
  Json schema = {{"$schema", "http://json-schema.org/draft-07/schema#"},
                 {"title", "Experiments of harness"},
                 {"$defs",
                  {{"experiment", experiment},
                   {"at", patches_for(library.scales())},
                   {"table", table_schema()},
                   {"dataset", patch_of(dataset)},
                   {"origin", origin_schema()},
                   {"claim", claim_schema()},
                   {"statement", statement_schema()},
                   {"open_choice", open_choice_schema()},
                   {"scale", scale_schema(options)}}},
                 {"if", has_any({"columns", "rows"})},
                 {"then", ref("table")},
                 {"else", spec_or_other}};
  if (!options.is_null())
    for (const auto& [task, of_task] : options.at("task_options").items())
      schema["$defs"][task + "_options"] = task_options_patch(of_task);
  return schema;
}

}  // namespace mra
