#include <fmt/format.h>

#include "harness/base/wait_text.h"
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

/// "3 of 16 epochs, loss 2.314, 1874 images/s, 5m12s left".
std::string progress_text(const Json& progress) {
  std::string text =
      fmt::format("{} of {} epochs", plain_text(progress["epoch"]), plain_text(progress["epochs"]));
  if (progress["loss"].is_number())
    text += fmt::format(", loss {:.3f}", progress["loss"].get<double>());
  if (progress["images_per_s"].is_number())
    text += fmt::format(", {:.0f} images/s", progress["images_per_s"].get<double>());
  if (progress["data_wait_frac"].is_number()) text += wait_text(progress["data_wait_frac"]);
  if (progress["left_s"].is_number())
    text += fmt::format(", {} left", short_duration(progress["left_s"]));
  return text;
}

/// "3m05s, 12 % of the time".
std::string waited_text(const Json& run) {
  const double waited_s = run["data_wait_s"], wall_s = run["wall_s"];
  if (wall_s <= 0) return short_duration(waited_s);
  return fmt::format("{}, {:.0f} % of the time", short_duration(waited_s), 100 * waited_s / wall_s);
}

/// A field of a run in people's units.
std::string field_text(const Json& run, const std::string& field) {
  const Json& value = run[field];
  if (field == "data_wait_s") return waited_text(run);
  if (value.is_number() && field.ends_with("_s")) return short_duration(value);
  if (value.is_number() && field.ends_with("_bytes")) return short_size(value);
  return field == "progress" ? progress_text(value) : plain_text(value);
}

std::string shown_run(const Json& run, size_t width) {
  TextTable head{{"run", fmt::format("{}-s{}", plain_text(run["key"]), run["seed"].dump())}, {}};
  const std::vector<std::pair<const char*, const char*>> fields = {
      {"experiment", "experiment"},
      {"state", "state"},
      {"progress", "progress"},
      {"reason", "reason"},
      {"directory", "directory"},
      {"started", "started_utc"},
      {"attempts", "attempts"},
      {"took", "wall_s"},
      {"processors", "cpu_s"},
      {"waited for pictures", "data_wait_s"},
      {"memory", "peak_memory_bytes"},
      {"weights", "weights_sha256"},
      {"grade", "grade"}};
  for (const auto& [title, field] : fields)
    if (run.contains(field) && run[field] != "" && !run[field].is_null())
      head.rows.push_back({title, field_text(run, field)});
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
  context.answer({{"run", run}}, shown_run(run, terminal_width(1)));
  return 0;
}

}  // namespace

void add_show_command(CLI::App& app, Context& context) {
  CLI::App* command =
      add_command(app, "show", "Everything known of a run",
                  "  harness show 3f2a            the run whose key begins with 3f2a\n"
                  "  harness show 3f2a91c04d5e6f70-s1 --json");
  add_run_name(*command, *set_work(*command, context, show_command));
}

}  // namespace mra
