#include "harness/cli/context.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/suggest.h"
#include "harness/base/tell.h"
#include "harness/cli/arguments.h"
#include "harness/data/data_state.h"
#include "harness/data/given_weights.h"
#include "harness/run/plan.h"
#include "harness/spec/weights_source.h"
#include "harness/store/variants.h"

namespace mra {

ExperimentFolders Context::experiment_folders() const {
  ExperimentFolders folders = find_experiments({experiments.begin(), experiments.end()});
  ::setenv("HARNESS_EXPERIMENTS", text(folders).c_str(), /*overwrite=*/1);
  return folders;
}

void Context::take_label() {
  if (!label.empty() && overrides.empty()) overrides = find_variant(workspace, label).overrides;
}

SpecLibrary Context::library(const std::vector<std::string>& texts) const {
  return SpecLibrary(experiment_folders(), parse_overrides(texts));
}

namespace fs = std::filesystem;

std::vector<fs::path> Context::data_folders() const {
  std::vector<fs::path> folders(data_dirs.begin(), data_dirs.end());
  if (const char* more = std::getenv("HARNESS_DATA"))
    for (const std::string& folder : split(more, ':')) folders.emplace_back(folder);
  const auto roots = experiment_folders().roots();
  for (size_t i = 1; i < roots.size(); ++i)
    folders.push_back(fs::absolute(roots[i]).lexically_normal().parent_path());
  return folders;
}

std::shared_ptr<InputsOnDisk> Context::inputs() const {
  return std::make_shared<InputsOnDisk>(experiment_folders(), data_folders(),
                                        workspace / "inputs.json");
}

ResultStore Context::results() const {
  ResultStore store = ResultStore::open_read_only(ResultStore::path_of(workspace));
  store.count_only_with(inputs());
  return store;
}

void Context::expect_workspace() const {
  if (fs::exists(workspace)) return check_workspace(workspace, "--workspace");
  if (!quiet) tell("{} does not exist yet: nothing has run in it\n", workspace.string());
}

void check_workspace(const fs::path& workspace, const std::string& option) {
  bool is_one = fs::is_directory(workspace) && fs::is_empty(workspace);
  for (const char* part : {"harness.db", "runs", "reports", "inputs.json", "variants.json"})
    is_one = is_one || fs::exists(workspace / part);
  check(
      is_one, ErrorKind::kUsage, option,
      fmt::format("{} is not a workspace: it has neither harness.db nor runs", workspace.string()),
      "name the folder of earlier runs, or a new one");
}

std::optional<Error> Context::data_error(const ExperimentSpec& experiment) const {
  const auto sources = weights_sources(experiment.resolved);
  std::string id = experiment.dataset.dump();
  for (const WeightsSource& source : sources) id += text(source);
  const auto [found, is_new] = data_errors_.try_emplace(id);
  if (!is_new) return found->second;
  found->second = absence(experiment.dataset, experiment.file, data_folders());
  if (!found->second) found->second = absence_of_files(sources, experiment.file, data_folders());
  return found->second;
}

std::string Context::obstacle(const ExperimentSpec& experiment, const ResultStore& store) const {
  if (const auto error = data_error(experiment)) return one_line(*error);
  for (const Dependency& needed : experiment.dependencies)
    if (!store.has({needed.key, needed.seed}))
      return fmt::format("starts from {}, which has not run", needed.experiment);
  return "";
}

LaunchOptions Context::launch_options() const {
  LaunchOptions options;
  options.workspace = workspace;
  options.data_dirs = data_folders();
  return options;
}

std::vector<int64_t> Selection::seeds_of(const ExperimentSpec& experiment) const {
  return seeds.empty() ? experiment.seeds : seeds;
}

/// The labels of rows that the user meant, as the tables spell them.
static std::vector<std::string> labels_meant(const std::vector<TableSpec>& tables,
                                             const std::vector<std::string>& typed) {
  std::vector<std::string> known, meant;
  for (const TableSpec& table : tables)
    for (const TableRow& row : table.rows)
      if (std::find(known.begin(), known.end(), row.name()) == known.end())
        known.push_back(row.name());
  for (const std::string& label : typed) meant.push_back(match_name(label, known, "row"));
  return meant;
}

std::vector<TableSpec> named_tables(const Context& context, const Selection& selection,
                                    bool may_lack_ids) {
  const SpecLibrary library = context.library();
  std::vector<std::string> names;
  for (const std::string& id : selection.ids) {
    const auto added = id == "all" ? library.table_ids() : std::vector<std::string>{id};
    for (const std::string& name : added)
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  if (names.empty() && !context.label.empty())
    names = find_variant(context.workspace, context.label).tables;
  if (names.empty() && may_lack_ids) names = library.table_ids();
  check(!names.empty(), ErrorKind::kUsage, "", "no table or figure is named",
        fmt::format("name some, or 'all'; known: {}", fmt::join(library.table_ids(), ", ")));
  std::vector<TableSpec> tables;
  for (const std::string& name : names) {
    TableSpec table = library.table(name, selection.scale);
    const bool typed = std::count(selection.ids.begin(), selection.ids.end(), name) > 0;
    if (typed || !table.columns.empty())
      tables.push_back(std::move(table));  // else of other scales
  }
  const auto labels = labels_meant(tables, selection.only);
  return select_rows(std::move(tables), labels);
}

CLI::App* add_command(CLI::App& app, const std::string& name, const std::string& summary,
                      const std::string& examples) {
  CLI::App* command = app.add_subcommand(name, summary);
  command->fallthrough();  // common options may stand after the command
  command->footer(examples);
  command->require_subcommand(0, 1);  // as in the program itself
  return command;
}

void set_work(CLI::App& command, Context& context, int (*work)(const Context&)) {
  command.callback(
      [&context, work] { context.command = [&context, work] { return work(context); }; });
}

void add_run_name(CLI::App& command, std::string& prefix) {
  command.add_option("RUN", prefix, "The beginning of KEY-sSEED")->required();
}

void add_selection(CLI::App& command, Selection& selection, bool with_seeds) {
  command.add_option("ID", selection.ids, "Tables and figures: table6, …, or all");
  command.add_option("--only", selection.only, "A row, by its label; repeatable")
      ->allow_extra_args(false);
  add_scale(command, selection);
  if (with_seeds) add_seeds(command, selection);
}

void add_scale(CLI::App& command, Selection& selection) {
  command.add_option("--scale", selection.scale, "smoke, mini or paper")->capture_default_str();
}

void add_seeds(CLI::App& command, Selection& selection) {
  command.add_option_function<std::string>(
      "--seeds", [&selection](const std::string& typed) { selection.seeds = parse_seeds(typed); },
      "Seeds, 0-2 or 0,3; default: those of the spec");
}

}  // namespace mra
