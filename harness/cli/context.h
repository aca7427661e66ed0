#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
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
  std::vector<std::string> experiments;  ///< of --experiments
  std::string color = "auto";
  bool json = false;
  bool quiet = false;
  bool verbose = false;

  /// The command to execute once the whole command line is understood; gives the exit code.
  std::function<int()> command;

  /// The program's experiments and the user's. Programs that this one starts see the same.
  ExperimentFolders experiment_folders() const;
  /// The experiments, with --set applied.
  SpecLibrary library() const;
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
  /// How workers are started, as far as these options say: not yet with which program.
  LaunchOptions launch_options() const;
  bool color_on(int descriptor) const { return use_color(parse_color_mode(color), descriptor); }

 private:
  /// Looked up once each: data set as in the spec -> what is wrong with it.
  mutable std::map<std::string, std::optional<Error>> data_errors_;
};

/// The options that choose experiments, shared by several commands.
struct Selection {
  std::vector<std::string> ids;
  std::vector<std::string> only;  ///< labels of rows; none: all
  std::string scale = "smoke";
  std::string seeds;  ///< as typed; empty: those of each spec

  std::vector<int64_t> seeds_of(const ExperimentSpec& experiment) const;
};
void add_ids(CLI::App& command, Selection& selection);
void add_only(CLI::App& command, Selection& selection);
void add_scale(CLI::App& command, Selection& selection);
void add_seeds(CLI::App& command, Selection& selection);

/// The tables that the IDs name, "all" being every one, with the rows that are wanted; all tables
/// when none is named and `may_lack_ids`.
std::vector<TableSpec> named_tables(const Context& context, const Selection& selection,
                                    bool may_lack_ids);

/// A subcommand whose -h begins with `examples`, one a line.
CLI::App* add_command(CLI::App& app, const std::string& name, const std::string& summary,
                      const std::string& examples);

}  // namespace mra
