#include <memory>

#include <fmt/format.h>

#include "harness/cli/commands/commands.h"
#include "harness/store/run_facts.h"

namespace mra {

namespace {

/// Nested objects as lines "  recipe.lr  0.1".
void flatten(const Json& node, const std::string& path,
             std::vector<std::vector<TextTable::Cell>>& rows) {
  if (!node.is_object() || node.empty()) {
    rows.push_back({"  " + path, plain_text(node)});
    return;
  }
  for (const auto& [key, value] : node.items())
    flatten(value, path.empty() ? key : path + "." + key, rows);
}

std::string section(const std::string& title, const Json& content, size_t width) {
  TextTable table{{title, ""}, {}};
  flatten(content, "", table.rows);
  return "\n" + table.render(false, width);
}

std::string curves_text(const Json& curves, size_t width) {
  TextTable table{{"curves", "first", "last", "points"}, {}};
  const Json ends = curve_ends(curves);
  const auto end = [](const Json& point) {
    return fmt::format("{:.4g} at epoch {:g}", point[1].get<double>(), point[0].get<double>());
  };
  for (const auto& [name, curve] : ends.items())
    table.rows.push_back(
        {"  " + name, end(curve["first"]), end(curve["last"]), curve["points"].dump()});
  return "\n" + table.render(false, width);
}

std::string shown_run(const Json& run, size_t width) {
  TextTable head{{"run", fmt::format("{}-s{}", plain_text(run["key"]), run["seed"].dump())}, {}};
  for (const char* field : {"experiment", "state", "reason", "directory", "started_utc", "attempts",
                            "wall_s", "cpu_s", "peak_memory_bytes", "weights_sha256", "grade"})
    if (run.contains(field) && run[field] != "")
      head.rows.push_back({field, plain_text(run[field])});
  std::string text = head.render(false);
  if (run.contains("metrics")) text += section("metrics", run["metrics"], width);
  if (run.contains("curves")) text += curves_text(run["curves"], width);
  for (const char* field : {"spec", "environment"})
    if (run.contains(field)) text += section(field, run[field], width);
  TextTable files{{"files", ""}, {}};
  for (const Json& file : run["files"])
    files.rows.push_back({"  " + plain_text(file["name"]), short_size(file["bytes"])});
  return text + "\n" + files.render(false);
}

int show_command(const Context& context, const std::string& prefix) {
  const auto store = context.results();
  const RunId id = find_run(context.workspace, store, prefix);
  const Json run = run_facts(context.workspace, store, id);
  if (context.json)
    print_json({{"run", run}});
  else
    print(shown_run(run, terminal_width(1)));
  return 0;
}

}  // namespace

void add_show_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(app, "show", "Everything known of a run",
                                  "  harness show 3f2a            the run whose key begins so\n"
                                  "  harness show 3f2a91c04d5e6f70-s1 --json");
  const auto prefix = std::make_shared<std::string>();
  command->add_option("RUN", *prefix, "The beginning of KEY-sSEED")->required();
  command->callback([&context, prefix] {
    context.command = [&context, prefix] { return show_command(context, *prefix); };
  });
}

}  // namespace mra
