#include <algorithm>

#include <fmt/format.h>

#include "harness/base/suggest.h"
#include "harness/base/system_facts.h"
#include "harness/cli/commands/commands.h"
#include "harness/cli/commands/execute_runs.h"
#include "harness/run/plan_text.h"
#include "harness/run/preflight.h"
#include "harness/store/variants.h"
#include "reports/report_files.h"
#include "reports/sensitivity.h"

namespace mra {

namespace {

struct SensitivityArguments {
  std::string table;
  std::vector<std::string> choices;  ///< ids; none: all
  Selection selection;               ///< its scale and seeds
  ExecuteOptions execute;
  bool dry_run = false;
};

/// The table with one alternative in place of what is chosen.
struct Variation {
  OpenChoice choice;
  ChoiceAlternative alternative;
  std::vector<std::string> overrides;
  TableSpec table;
};

/// The open choices of the table that are asked for.
std::vector<OpenChoice> asked_choices(const SpecLibrary& library,
                                      const SensitivityArguments& arguments) {
  std::vector<OpenChoice> choices = open_choices(library);
  std::erase_if(choices, [&](const OpenChoice& choice) {
    return std::count(choice.tables.begin(), choice.tables.end(), arguments.table) == 0;
  });
  std::vector<std::string> known, asked;
  for (const OpenChoice& choice : choices) known.push_back(choice.id);
  for (const std::string& id : arguments.choices)
    asked.push_back(match_name(id, known, "open choice of " + arguments.table));
  std::erase_if(choices, [&](const OpenChoice& choice) {
    return !asked.empty() && std::count(asked.begin(), asked.end(), choice.id) == 0;
  });
  return choices;
}

std::vector<Variation> variations_of(const Context& context, const std::vector<OpenChoice>& choices,
                                     const SensitivityArguments& arguments) {
  std::vector<Variation> variations;
  for (const OpenChoice& choice : choices)
    for (const ChoiceAlternative& alternative : choice.alternatives) {
      if (alternative.set.empty()) continue;
      std::vector<std::string> overrides = context.overrides;
      overrides.insert(overrides.end(), alternative.set.begin(), alternative.set.end());
      TableSpec table =
          context.library(overrides).table(arguments.table, arguments.selection.scale);
      variations.push_back({choice, alternative, std::move(overrides), std::move(table)});
    }
  return variations;
}

/// Adds the runs of `more` that `plan` has not.
void add_runs(Plan& plan, Plan more) {
  const auto is_known = [&](const PlannedRun& run) {
    return std::any_of(plan.runs.begin(), plan.runs.end(), [&](const PlannedRun& known) {
      return known.id == run.id && known.trains() == run.trains();
    });
  };
  for (PlannedRun& run : more.runs)
    if (!is_known(run)) plan.runs.push_back(std::move(run));
  plan.unavailable.insert(plan.unavailable.end(), more.unavailable.begin(), more.unavailable.end());
}

/// All that the table and its variations lack, each run once.
Plan plan_all(const Context& context, const TableSpec& usual,
              const std::vector<Variation>& variations, const Selection& selection) {
  const auto store = context.results();
  const PlanOptions options = plan_options(context, selection, /*fresh=*/false);
  Plan all = plan(context.library(), {usual}, store, options);
  for (const Variation& variation : variations)
    add_runs(all, plan(context.library(variation.overrides), {variation.table}, store, options));
  return all;
}

/// So that `report TABLE --as CHOICE/ALTERNATIVE` prints the table later.
void keep_labels(const Context& context, const std::vector<Variation>& variations) {
  for (const Variation& variation : variations)
    keep_variant(context.workspace, variation.choice.label(variation.alternative),
                 {variation.overrides, {variation.table.id}});
}

void show_answers(const Context& context, const TableSpec& usual,
                  const std::vector<Variation>& variations, const std::vector<OpenChoice>& choices,
                  const Selection& selection) {
  ReportOptions options;
  options.seeds = selection.seeds;
  options.workspace = context.workspace;
  options.claims = context.library().claims();
  const auto store = context.results();
  const ReportTable report = make_report(usual, store, options);
  std::vector<Sensitivity> answers;
  for (const Variation& variation : variations)
    answers.push_back(compare_answers(variation.choice, variation.alternative, report,
                                      make_report(variation.table, store, options)));
  context.answer(to_json(answers, choices, report), sensitivity_text(answers, choices, report));
}

int sensitivity_command(const Context& context, SensitivityArguments arguments) {
  const SpecLibrary library = context.library();
  const Selection& selection = arguments.selection;
  arguments.table = match_name(arguments.table, library.table_ids(), "table or figure");
  const LaunchOptions options = launch_options(context, arguments.execute);
  const auto choices = asked_choices(library, arguments);
  const auto variations = variations_of(context, choices, arguments);
  const TableSpec usual = library.table(arguments.table, selection.scale);
  const Plan planned = plan_all(context, usual, variations, selection);
  if (const auto errors = wrong_runs(planned.runs, options.data_dirs); !errors.empty())
    return report_errors(errors, context.json, context.color_on(2));
  if (arguments.dry_run) {
    context.answer(to_json(planned), plan_text(planned, terminal_width(1)));
    return 0;
  }
  if (planned.runs.empty() && !planned.unavailable.empty()) throw planned.unavailable.front().error;
  keep_labels(context, variations);
  const LaunchResult result = execute_runs(context, planned.runs, options);
  if (result.stopped && !context.quiet) tell("stopped; repeat the command to go on\n");
  show_answers(context, usual, variations, choices, selection);
  return exit_code(result);
}

}  // namespace

void add_sensitivity_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(
      app, "sensitivity", "Would other answers to what the paper leaves open turn a verdict?",
      "  harness sensitivity table6 --dry-run          what would run\n"
      "  harness sensitivity table6 --choice mra-score --seeds 0-2\n"
      "  harness report table6 --as mra-score/mean_softmax    one of its tables, afterwards");
  const auto arguments = set_work(*command, context, sensitivity_command);
  command->add_option("ID", arguments->table, "A table or figure")->required();
  command->add_option("--choice", arguments->choices, "An open choice alone; repeatable")
      ->allow_extra_args(false);
  add_scale(*command, arguments->selection);
  add_seeds(*command, arguments->selection);
  add_execute_options(*command, arguments->execute);
  command->add_flag("--dry-run", arguments->dry_run, "Only say what would run");
}

}  // namespace mra
