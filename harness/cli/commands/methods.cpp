#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/suggest.h"
#include "harness/cli/commands/commands.h"
#include "harness/data/dataset.h"
#include "harness/run/preflight.h"
#include "harness/spec/methods.h"

namespace mra {

namespace {

struct MethodsArguments {
  std::string name, scale = "smoke";
};

/// What the readers of this program and of the worker declare, by name.
std::map<std::string, Json> schemas_by_name() {
  auto schemas = dataset_kind_schemas();
  const Json options = known_options();
  for (const Json& group : options)
    for (const auto& [name, schema] : group.items()) schemas.emplace(name, schema);
  return schemas;
}

Json method_json(const std::string& name, const Method& method, const Json& schema) {
  return {{"name", name},
          {"kind", method.kind},
          {"options", schema},
          {"values", method.used},
          {"rows", method.rows}};
}

/// "number, 0 … 1", "one of sgd, adamw".
std::string type_text(const Json& option) {
  if (option.contains("enum")) return "one of " + joined(option["enum"]);
  std::string text = option.contains("type") ? joined(option["type"]) : "";
  if (option.contains("minimum")) text += ", from " + plain_text(option["minimum"]);
  if (option.contains("maximum")) text += " to " + plain_text(option["maximum"]);
  return text;
}

/// The declared options; where a name decides which there are, those that are the same for all.
Json declared_options(const Json& schema) {
  if (!schema.contains("anyOf")) return schema.value("properties", Json::object());
  Json shared = Json::object();
  const Json first = declared_options(schema["anyOf"].front());
  for (const auto& [key, option] : first.items()) {
    bool same = true;
    for (const Json& one : schema["anyOf"])
      same = same && declared_options(one).value(key, Json()) == option;
    if (same) shared[key] = option;
  }
  return shared;
}

/// The options of a method, as its reader declares them and as the tables set them.
std::string options_text(const Context& context, const Method& method, const Json& schema) {
  TextTable table{{"option", "type", "default", "in the tables"}, {}};
  Json options = method.used;
  const Json declared = declared_options(schema);
  options.update(declared);
  for (const auto& [name, ignored] : options.items()) {
    if (name == "kind" || name == "name") continue;
    const Json option = declared.value(name, Json::object());
    std::vector<std::string> values;
    for (const Json& value : method.used.value(name, Json::array()))
      values.push_back(plain_text(value));
    table.rows.push_back({name, type_text(option),
                          option.contains("default") ? plain_text(option["default"]) : "-",
                          fmt::format("{}", fmt::join(values, ", "))});
  }
  return table.rows.empty() ? "it has no options here\n" : context.shown(table);
}

int list_methods(const Context& context, const std::map<std::string, Method>& methods) {
  const auto schemas = schemas_by_name();
  Json list = Json::array();
  TextTable table{{"name", "what it is", "rows", "used by"}, {}};
  for (const auto& [name, method] : methods) {
    const auto schema = schemas.find(name);
    list.push_back(method_json(name, method, schema == schemas.end() ? Json() : schema->second));
    table.rows.push_back({name, method.kind, std::to_string(method.rows.size()),
                          fmt::format("{}", fmt::join(method.rows, ", "))});
  }
  context.answer({{"methods", list}},
                 context.shown(table) + "harness methods NAME shows the options of one\n");
  return 0;
}

int methods_command(const Context& context, const MethodsArguments& asked) {
  const auto methods = methods_with_uses(context.library(), asked.scale);
  if (asked.name.empty()) return list_methods(context, methods);
  std::vector<std::string> known;
  for (const auto& [name, method] : methods) known.push_back(name);
  const std::string name = match_name(asked.name, known, "method");
  const Method& method = methods.at(name);
  const auto schemas = schemas_by_name();
  const Json schema = schemas.contains(name) ? schemas.at(name) : Json::object();
  context.answer(
      {{"methods", {method_json(name, method, schema)}}},
      fmt::format("{}: {}\n{}used by {}\n", name, method.kind,
                  options_text(context, method, schema),
                  method.rows.empty() ? "no row of the tables"
                                      : fmt::format("{}", fmt::join(method.rows, ", "))));
  return 0;
}

}  // namespace

void add_methods_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(
      app, "methods", "What specs can name: augmentations, tasks, data sets, models, evaluators",
      "  harness methods\n"
      "  harness methods cutmix        its options, and the rows that use it\n"
      "  harness methods --scale paper --json");
  const auto asked = set_work(*command, context, methods_command);
  command->add_option("NAME", asked->name, "One of them; default: a list of all");
  command->add_option("--scale", asked->scale, "Scale of the rows: smoke, mini or paper")
      ->capture_default_str();
}

}  // namespace mra
