#include "harness/cli/run_cli.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <new>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "harness/base/disk.h"
#include "harness/base/file.h"
#include "harness/base/suggest.h"
#include "harness/cli/commands/commands.h"
#include "harness/record/runs_folder.h"

namespace mra {

namespace {

constexpr const char* kExamples =
    R"(  harness run table6                   train what is missing of Table 6, then print it
  harness run table6 --scale mini --data-dir ~/data --seeds 0-2
  harness list                         every experiment and its state
  harness report table6 --format json  from what is recorded, nothing is run
  harness explain 'table6/Mask Low'    from a printed figure to its runs and spec
  harness doctor                       is this machine ready?)";

/// Help that begins with examples, which stand in the footer of each command.
class Help : public CLI::Formatter {
 public:
  std::string make_footer(const CLI::App*) const override { return ""; }
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    if (mode == CLI::AppFormatMode::Sub) return CLI::Formatter::make_help(app, name, mode);
    const std::string common =
        app->get_parent() == nullptr ? "" : "Options of every command: harness -h\n";
    return fmt::format("Examples:\n{}\n\n{}{}", app->get_footer(),
                       CLI::Formatter::make_help(app, name, mode), common);
  }
};

void add_common_options(CLI::App& app, Context& context, bool& version) {
  app.add_option("--workspace", context.workspace, "Folder of database, runs and reports")
      ->capture_default_str();
  app.add_option("--runs", context.runs,
                 "Folder of the runs, if it is not runs/ of the workspace: on a shared disk,\n"
                 "for example; the workspace remembers it");
  app.add_option("--data-dir", context.data_dirs,
                 "Folder that holds data sets; repeatable; also HARNESS_DATA=A:B")
      ->allow_extra_args(false);
  app.add_option("--experiments", context.experiments,
                 "Folder of own tables, recipes, data sets and policies, laid over those of\n"
                 "the program; repeatable; default: the nearest folder experiments/ upward")
      ->allow_extra_args(false);
  app.add_option("--set", context.overrides,
                 "/json/pointer=value, repeatable: another value in every experiment of the\n"
                 "tables, not in the pretrainings they start from; another value is another\n"
                 "run, and reports show it as a deviation")
      ->allow_extra_args(false);
  app.add_option(
      "--as", context.label,
      "A label for the --set values of this `run`; report, list, plan and run accept it\n"
      "instead of --set afterwards");
  app.add_flag("--json", context.json, "One JSON document on stdout, errors too");
  app.add_flag("-v,--verbose", context.verbose, "Print more");
  app.add_flag("-q,--quiet", context.quiet, "Print no progress");
  app.add_option("--color", context.color, "auto, always or never; NO_COLOR is honoured")
      ->capture_default_str();
  app.add_flag("--version", version, "Print the version; with --json also what it was built with");
}

void add_commands(CLI::App& app, Context& context) {
  for (AddCommand* add :
       {add_run_command,     add_list_command,       add_plan_command,        add_report_command,
        add_show_command,    add_augment_command,    add_masks_command,       add_explain_command,
        add_compare_command, add_check_command,      add_data_command,        add_init_command,
        add_doctor_command,  add_completion_command, add_db_command,          add_ingest_command,
        add_bench_command,   add_weights_command,    add_verify_command,      add_gc_command,
        add_runs_command,    add_rm_command,         add_logs_command,        add_methods_command,
        add_claims_command,  add_audit_command,      add_sensitivity_command, add_capsule_command})
    add(app, context);
}

/// The innermost command on the command line.
const CLI::App* innermost(const CLI::App* app) {
  const auto chosen = app->get_subcommands();
  return chosen.empty() ? app : innermost(chosen.front());
}

/// "harness data check".
std::string full_name(const CLI::App* app) {
  const CLI::App* parent = app->get_parent();
  return parent == nullptr ? app->get_name() : full_name(parent) + " " + app->get_name();
}

std::vector<std::string> option_names(const CLI::App* app) {
  std::vector<std::string> names;
  for (; app != nullptr; app = app->get_parent())
    for (const CLI::Option* option : app->get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

/// Words that no command and no option took.
void reject_leftovers(const CLI::App& app) {
  std::vector<std::string> left = app.remaining(/*recurse=*/true);
  std::erase(left, "--");  // what follows it are arguments, whatever they begin with
  if (left.empty()) return;
  const CLI::App* command = innermost(&app);
  const std::string word = left.front().substr(0, left.front().find('='));
  if (word.starts_with('-')) {
    const auto known = option_names(command);
    const bool too_early = std::count(known.begin(), known.end(), word) > 0;
    fail(
        ErrorKind::kUsage, "",
        too_early ? "the option '" + word + "' is in the wrong place"
                  : "unknown option '" + word + "'",
        too_early ? fmt::format("write it after {}", full_name(command)) : suggestion(word, known));
  }
  std::vector<std::string> names;
  for (const CLI::App* known : command->get_subcommands(nullptr))
    names.push_back(known->get_name());
  if (names.empty())
    fail(ErrorKind::kUsage, "", fmt::format("unexpected argument '{}'", word),
         fmt::format("{} -h shows its arguments", full_name(command)));
  fail(ErrorKind::kUsage, "", fmt::format("unknown command '{}'", word), suggestion(word, names));
}

/// Executes what the command line says.
int execute(CLI::App& app, Context& context, const bool& version, int argc,
            const char* const* argv) {
  if (argc > 1 && std::string_view(argv[1]) == "complete")  // its words are not ours to parse
    return complete(app, context, {argv + 2, argv + argc});
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    context.json ? print_json({{"help", app.help()}}) : print(app.help());
    return 0;
  } catch (const CLI::ParseError& error) {
    reject_leftovers(app);
    fail(ErrorKind::kUsage, "", error.what(),
         fmt::format("{} -h shows the options", full_name(innermost(&app))));
  }
  reject_leftovers(app);
  parse_color_mode(context.color);
  if (version) return print_version(context);
  if (context.command) {
    if (!context.runs.empty()) keep_runs_in(context.runs, context.workspace);
    check_runs_folder(context.workspace);
    context.take_label();
    return context.command();
  }
  const CLI::App* command = innermost(&app);
  check(!context.json, ErrorKind::kUsage, "", "no command is given", "harness -h shows them");
  std::fputs(command == &app ? app.help().c_str() : command->help().c_str(), stderr);
  return exit_code(ErrorKind::kUsage);
}

int report_error(const Error& error, const Context& context) {
  try {
    if (context.json) print_json({{"error", error_json(error)}});
  } catch (const Error&) {  // stdout is what failed
  }
  // The mode itself may be what is wrong.
  const bool color =
      context.color == "always" || (context.color != "never" && use_color(ColorMode::kAuto, 2));
  std::fprintf(stderr, "%s %s\n", colored("harness:", Color::kRed, color).c_str(), error.what());
  return exit_code(error.kind);
}

}  // namespace

int run_cli(int argc, const char* const* argv) {
  write_for_owner_alone();
  std::signal(SIGXFSZ, SIG_IGN);  // a file grown too large is an error of writing, told as such
  Context context;
  context.arguments.assign(argv, argv + argc);
  bool version = false;
  // Known before the command line is understood: its own mistakes are JSON too.
  context.json = std::any_of(argv + 1, argv + argc,
                             [](const char* word) { return std::string_view(word) == "--json"; });
  CLI::App app("Reproduces \"Masked Autoencoders are Robust Data Augmentors\".", "harness");
  app.formatter(std::make_shared<Help>());
  app.footer(kExamples);
  app.allow_extras();  // to name the nearest known word: see reject_leftovers
  add_common_options(app, context, version);
  add_commands(app, context);
  app.require_subcommand(0, 1);  // after it, a word that is a command too is an argument
  try {
    return execute(app, context, version, argc, argv);
  } catch (const Error& error) {
    return report_error(error, context);
  } catch (const std::filesystem::filesystem_error& error) {
    return report_error(io_error(error), context);
  } catch (const std::bad_alloc&) {
    const Error no_memory(ErrorKind::kEnvironment, "", "the machine is out of memory",
                          "end other programs, then repeat the command");
    return report_error(no_memory, context);
  } catch (const std::exception& error) {
    const Error wrapped(ErrorKind::kFailure, "internal error", error.what(),
                        "this is a bug in the program: please report it with the command line");
    return report_error(wrapped, context);
  }
}

}  // namespace mra
