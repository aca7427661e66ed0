#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/commands/commands.h"
#include "harness/record/run_directory.h"
#include "harness/spec/inherit.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

/// "0123456789abcdef-s0" of every run directory, sorted.
std::vector<std::string> run_names(const fs::path& workspace) {
  std::vector<std::string> names;
  for (const RunDirectory& run : run_directories(workspace))
    names.push_back(run.path().parent_path().filename().string() + run.path().filename().string());
  return names;
}

/// The one run whose name begins with `prefix`, as git abbreviates commits.
std::string find_run(const fs::path& workspace, const std::string& prefix) {
  const std::vector<std::string> names = run_names(workspace);
  std::vector<std::string> found;
  for (const std::string& name : names)
    if (name.starts_with(prefix)) found.push_back(name);
  const std::string where = (workspace / "runs").string();
  check(!found.empty(), ErrorKind::kUsage, where, fmt::format("no run begins with '{}'", prefix),
        names.empty() ? "nothing has run in this workspace; see --workspace"
                      : "harness list --json shows the keys");
  check(found.size() == 1 || found.front() == prefix, ErrorKind::kUsage, where,
        fmt::format("'{}' begins {} runs", prefix, found.size()),
        fmt::format("write more of one: {}", fmt::join(found, ", ")));
  return found.front();
}

RunId id_of(const std::string& name) {
  const size_t dash = name.rfind("-s");
  return {name.substr(0, dash), std::stoll(name.substr(dash + 2))};
}

Json files_json(const RunDirectory& directory) {
  Json files = Json::array();
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(directory.path(), ignored))
    if (file.is_regular_file(ignored))
      files.push_back({{"name", file.path().filename()}, {"bytes", file.file_size(ignored)}});
  std::sort(files.begin(), files.end());
  return files;
}

/// What is known of a run: its record if it is done, else what its folder tells.
Json run_json(const fs::path& workspace, const RunId& id) {
  const RunDirectory directory(RunDirectory::path_of(workspace, id));
  Json run = {{"key", id.key},
              {"seed", id.seed},
              {"state", name(directory.state())},
              {"reason", directory.reason()},
              {"directory", directory.path().string()},
              {"files", files_json(directory)}};
  if (const auto record = directory.record()) {
    run.update(to_json(*record));
    run.erase("format");
  } else if (fs::exists(directory.spec_file())) {
    std::error_code ignored;
    const Json planned = read_json_file(directory.spec_file());
    for (const auto& [key, value] : planned.items()) run[key] = value;
    if (fs::exists(directory.environment_file(), ignored))
      run["environment"] = read_json_file(directory.environment_file());
  }
  return run;
}

std::string scalar_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

/// Nested objects as lines "  recipe.lr  0.1".
void flatten(const Json& node, const std::string& path,
             std::vector<std::vector<TextTable::Cell>>& rows) {
  if (!node.is_object() || node.empty()) {
    rows.push_back({"  " + path, scalar_text(node)});
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
  for (const auto& [name, points] : curves.items()) {
    if (points.empty()) continue;
    const auto end = [&](const Json& point) {
      return fmt::format("{:.4g} at epoch {:g}", point[1].get<double>(), point[0].get<double>());
    };
    table.rows.push_back(
        {"  " + name, end(points.front()), end(points.back()), fmt::format("{}", points.size())});
  }
  return "\n" + table.render(false, width);
}

std::string run_text(const Json& run, size_t width) {
  TextTable head{{"run", fmt::format("{}-s{}", scalar_text(run["key"]), run["seed"].dump())}, {}};
  for (const char* field : {"experiment", "state", "reason", "directory", "started_utc", "attempts",
                            "wall_s", "cpu_s", "peak_memory_bytes", "weights_sha256"})
    if (run.contains(field) && run[field] != "")
      head.rows.push_back({field, scalar_text(run[field])});
  std::string text = head.render(false);
  if (run.contains("metrics")) text += section("metrics", run["metrics"], width);
  if (run.contains("curves")) text += curves_text(run["curves"], width);
  for (const char* field : {"spec", "environment"})
    if (run.contains(field)) text += section(field, run[field], width);
  TextTable files{{"files", ""}, {}};
  for (const Json& file : run["files"])
    files.rows.push_back({"  " + scalar_text(file["name"]), short_size(file["bytes"])});
  return text + "\n" + files.render(false);
}

int show_command(const Context& context, const std::string& prefix) {
  const RunId id = id_of(find_run(context.workspace, prefix));
  const Json run = run_json(context.workspace, id);
  if (context.json)
    print_json({{"run", run}});
  else
    print(run_text(run, terminal_width(1)));
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
