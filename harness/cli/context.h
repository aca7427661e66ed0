#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/cli/output.h"
#include "harness/data/inputs_on_disk.h"
#include "harness/run/launch_options.h"
#include "harness/spec/library.h"
#include "harness/store/result_store.h"

namespace mra {

/// What every command is given: the options common to all, and what follows from them.
class Context {
 public:
  std::filesystem::path workspace = "harness-out";
  std::string runs;                      ///< of --runs; empty: where the workspace keeps them
  std::vector<std::string> arguments;    ///< the whole command line, the program first
  std::vector<std::string> data_dirs;    ///< of --data-dir
  std::vector<std::string> overrides;    ///< of --set
  std::string label;                     ///< of --as
  std::vector<std::string> experiments;  ///< of --experiments
  std::string color = "auto";
  bool json = false;
  bool quiet = false;
  bool verbose = false;

  /// The command to execute once the whole command line is understood; gives the exit code.
  std::function<int()> command;

  /// Lets a label of an earlier run stand for the --set that it was given with.
  void take_label();
  /// The program's experiments and the user's. Programs that this one starts see the same.
  ExperimentFolders experiment_folders() const;
  /// The experiments, with --set applied, or with the overrides given.
  SpecLibrary library() const { return library(overrides); }
  SpecLibrary library(const std::vector<std::string>& texts) const;
  /// Where data sets may lie: --data-dir first, then HARNESS_DATA, then beside own experiments.
  std::vector<std::filesystem::path> data_folders() const;
  /// For commands that only read: tells when the workspace is not there yet. A folder that is
  /// something else is an Error.
  void expect_workspace() const;
  /// What the files hold that results rest on.
  std::shared_ptr<InputsOnDisk> inputs() const;
  /// The recorded runs of the workspace, for reading; those of other inputs do not count.
  ResultStore results() const;
  /// Why an experiment cannot run here: its data set, or the weights it is made of, are absent.
  std::optional<Error> data_error(const ExperimentSpec& experiment) const;
  /// Why an experiment cannot be trained now: as data_error(), or a run that it starts from is not
  /// recorded. Empty: it can.
  std::string obstacle(const ExperimentSpec& experiment, const ResultStore& store) const;
  /// How workers are started, as far as these options say: not yet with which program.
  LaunchOptions launch_options() const;
  bool color_on(int descriptor) const { return use_color(parse_color_mode(color), descriptor); }

  /// Prints what a command found: the document with --json, else the text.
  void answer(const Json& document, const std::string& text) const {
    json ? print_json(document) : print(text);
  }
  /// A table as it fits stdout.
  std::string shown(const TextTable& table) const {
    return table.render(color_on(1), terminal_width(1));
  }

 private:
  /// Looked up once each: data set as in the spec -> what is wrong with it.
  mutable std::map<std::string, std::optional<Error>> data_errors_;
};

/// An Error when the folder `workspace`, which `option` names, holds other things than a workspace.
void check_workspace(const std::filesystem::path& workspace, const std::string& option);

/// The options that choose experiments, shared by several commands.
struct Selection {
  std::vector<std::string> ids;
  std::vector<std::string> only;  ///< labels of rows; none: all
  std::string scale = "smoke";
  std::vector<int64_t> seeds;  ///< empty: those of each spec

  std::vector<int64_t> seeds_of(const ExperimentSpec& experiment) const;
};
void add_scale(CLI::App& command, Selection& selection);
void add_seeds(CLI::App& command, Selection& selection);
/// IDs, --only, --scale and, if asked for, --seeds.
void add_selection(CLI::App& command, Selection& selection, bool with_seeds = true);

/// The tables that the IDs name, "all" being every one, with the rows that are wanted; all tables
/// when none is named and `may_lack_ids`.
std::vector<TableSpec> named_tables(const Context& context, const Selection& selection,
                                    bool may_lack_ids);

/// A subcommand whose -h begins with `examples`, one a line.
CLI::App* add_command(CLI::App& app, const std::string& name, const std::string& summary,
                      const std::string& examples);

/// The required argument RUN: the beginning of a run's name.
void add_run_name(CLI::App& command, std::string& prefix);

/// Lets `work` be executed when `command` is on the command line; returns the arguments that it is
/// given then, for the command's options to fill.
template <typename Arguments>
std::shared_ptr<std::decay_t<Arguments>> set_work(CLI::App& command, Context& context,
                                                  int (*work)(const Context&, Arguments)) {
  const auto arguments = std::make_shared<std::decay_t<Arguments>>();
  command.callback([&context, work, arguments] {
    context.command = [&context, work, arguments] { return work(context, *arguments); };
  });
  return arguments;
}
void set_work(CLI::App& command, Context& context, int (*work)(const Context&));

}  // namespace mra
