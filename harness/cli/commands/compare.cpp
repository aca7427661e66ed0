#include <memory>

#include <fmt/format.h>

#include "harness/cli/commands/commands.h"
#include "harness/store/run_facts.h"
#include "harness/store/spec_difference.h"

namespace mra {

namespace {

/// Every value of one side or both that is not the same on both, by JSON pointer; a side that lacks
/// it is left out of the entry.
Json differences(const Json& left, const Json& right) {
  const Json flat_left = left.flatten(), flat_right = right.flatten();
  Json found = Json::array();
  for (const std::string& pointer : differing_pointers(flat_left, flat_right)) {
    Json entry = {{"pointer", pointer}};
    if (flat_left.contains(pointer)) entry["left"] = flat_left[pointer];
    if (flat_right.contains(pointer)) entry["right"] = flat_right[pointer];
    found.push_back(entry);
  }
  return found;
}

/// The environment without what no two runs share: the words its worker was started with hold the
/// run's own directory. Those of `harness` are one text.
Json environment_of(const Json& run) {
  Json environment = run.value("environment", Json::object());
  environment.erase("command_line");
  const Json::json_pointer words("/started_by/command_line");
  if (environment.contains(words)) environment[words] = joined(environment[words]);
  return environment;
}

/// {"name", "left", "right", "difference"}: right minus left where both are numbers.
Json numbers(const std::string& name, const Json& left, const Json& right) {
  Json entry = {{"name", name}, {"left", left}, {"right", right}, {"difference", nullptr}};
  if (left.is_number() && right.is_number())
    entry["difference"] = right.get<double>() - left.get<double>();
  return entry;
}

/// Metrics of either run, equal ones too.
Json metric_numbers(const Json& left, const Json& right) {
  Json all = left;
  all.update(right);
  Json entries = Json::array();
  for (const auto& [name, value] : all.items())
    entries.push_back(numbers(name, left.value(name, Json()), right.value(name, Json())));
  return entries;
}

Json comparison(const Json& left, const Json& right) {
  const auto part = [](const Json& run, const char* name) {
    Json found = run.contains(name) ? run[name] : Json::object();
    found.erase("evaluate");  // of a spec: not in records, as it is no part of the identity
    return found;
  };
  Json cost = Json::array();
  for (const char* name : {"wall_s", "cpu_s", "peak_memory_bytes", "attempts"})
    cost.push_back(numbers(name, left.value(name, Json()), right.value(name, Json())));
  Json runs = Json::array();
  for (const Json* run : {&left, &right}) {
    Json& entry = runs.emplace_back(Json::object());
    for (const char* name : {"key", "seed", "experiment", "state", "started_utc", "directory"})
      if (run->contains(name)) entry[name] = (*run)[name];
  }
  return {{"runs", runs},
          {"spec", differences(part(left, "spec"), part(right, "spec"))},
          {"environment", differences(environment_of(left), environment_of(right))},
          {"metrics", metric_numbers(part(left, "metrics"), part(right, "metrics"))},
          {"cost", cost}};
}

std::string value_text(const Json& entry, const char* side) {
  return entry.contains(side) ? plain_text(entry[side]) : "(absent)";
}

/// A number as a table shows it: "61.5", "-" when there is none.
std::string number_text(const Json& value, const char* format) {
  return value.is_number() ? fmt::format(fmt::runtime(format), value.get<double>()) : "-";
}

std::string differences_text(const std::string& title, const Json& entries, size_t width) {
  if (entries.empty()) return fmt::format("\n{}: the same\n", title);
  TextTable table{{title, "left", "right"}, {}};
  for (const Json& entry : entries)
    table.rows.push_back({"  " + plain_text(entry["pointer"]), value_text(entry, "left"),
                          value_text(entry, "right")});
  return "\n" + table.render(false, width);
}

std::string numbers_text(const std::string& title, const Json& entries, size_t width) {
  TextTable table{{title, "left", "right", "difference"}, {}};
  for (const Json& entry : entries)
    table.rows.push_back({"  " + plain_text(entry["name"]), number_text(entry["left"], "{:.6g}"),
                          number_text(entry["right"], "{:.6g}"),
                          number_text(entry["difference"], "{:+.6g}")});
  return "\n" + table.render(false, width);
}

std::string comparison_text(const Json& compared, size_t width) {
  TextTable head{{"", "run", "state", "started", "experiment"}, {}};
  for (size_t i = 0; i < 2; ++i) {
    const Json& run = compared["runs"][i];
    head.rows.push_back({i == 0 ? "left" : "right",
                         fmt::format("{}-s{}", plain_text(run["key"]), run["seed"].dump()),
                         plain_text(run["state"]), run.value("started_utc", "-"),
                         run.value("experiment", "-")});
  }
  std::string text = head.render(false, width);
  text += differences_text("spec", compared["spec"], width);
  text += differences_text("environment", compared["environment"], width);
  if (!compared["metrics"].empty()) text += numbers_text("metrics", compared["metrics"], width);
  return text + numbers_text("cost", compared["cost"], width);
}

int compare_command(const Context& context, const std::string& left, const std::string& right) {
  const auto store = ResultStore::open_read_only(ResultStore::path_of(context.workspace));
  const auto facts = [&](const std::string& prefix) {
    return run_facts(context.workspace, store, find_run(context.workspace, store, prefix));
  };
  const Json compared = comparison(facts(left), facts(right));
  if (context.json)
    print_json(compared);
  else
    print(comparison_text(compared, terminal_width(1)));
  return 0;
}

}  // namespace

void add_compare_command(CLI::App& app, Context& context) {
  CLI::App* command =
      add_command(app, "compare", "What differs between two runs: spec, environment, metrics, cost",
                  "  harness compare 3f2a 91c0           runs whose keys begin so\n"
                  "  harness compare 3f2a91c04d5e6f70-s0 3f2a91c04d5e6f70-s1 --json");
  const auto left = std::make_shared<std::string>(), right = std::make_shared<std::string>();
  command->add_option("RUN", *left, "The beginning of KEY-sSEED, as harness show takes it")
      ->required();
  command->add_option("OTHER", *right, "The same of the run to compare it with")->required();
  command->callback([&context, left, right] {
    context.command = [&context, left, right] { return compare_command(context, *left, *right); };
  });
}

}  // namespace mra
