#include <fmt/format.h>

#include "harness/base/tell.h"
#include "harness/cli/commands/commands.h"
#include "harness/cli/commands/execute_runs.h"
#include "harness/run/preflight.h"
#include "harness/store/variants.h"
#include "reports/renderers.h"
#include "reports/report_files.h"

namespace mra {

namespace {

struct RunArguments {
  Selection selection;
  ExecuteOptions execute;
  bool dry_run = false;
  bool fresh = false;
};

Json executed_json(const LaunchResult& result) {
  Json executed = Json::array();
  for (const ExecutedRun& run : result.executed) {
    if (run.by_another_process) continue;
    executed.push_back({{"key", run.id.key},
                        {"seed", run.id.seed},
                        {"experiment", run.experiment},
                        {"kind", run.judged ? "evaluate" : "train"},
                        {"state", name(run.outcome)},
                        {"wall_s", run.wall_s},
                        {"reason", run.reason.empty() ? Json() : Json(run.reason)}});
  }
  return executed;
}

Json run_json(const LaunchResult& result, const std::vector<ReportTable>& reports,
              const std::optional<Error>& unavailable) {
  Json tables = Json::array();
  for (const ReportTable& table : reports) tables.push_back(to_json(table));
  Json document = {{"executed", executed_json(result)}, {"tables", tables}};
  if (unavailable) document["error"] = error_json(*unavailable);
  return document;
}

void print_finished(const std::vector<ReportTable>& reports) {
  std::vector<ReportTable> finished;
  for (const ReportTable& table : reports) {
    if (is_finished(table))
      finished.push_back(table);
    else
      tell("{} is not finished: harness report {} --scale {} shows the results so far\n", table.id,
           table.id, table.scale);
  }
  print(render_markdown(finished));
}

void tell_if_stopped(const Context& context, const LaunchResult& result) {
  if (result.stopped && !context.quiet) tell("stopped; repeat the command to go on\n");
}

/// What --as names.
Variant variant_of(const Context& context, const std::vector<TableSpec>& tables) {
  check(!context.overrides.empty(), ErrorKind::kUsage, "--as",
        "is a label for values of --set, and there are none",
        "give the values with --set, or leave --as out");
  Variant variant{context.overrides, {}};
  for (const TableSpec& table : tables) variant.tables.push_back(table.id);
  return variant;
}

int run_command(const Context& context, const RunArguments& arguments) {
  if (arguments.dry_run) return show_plan(context, arguments.selection, arguments.fresh);
  const LaunchOptions options = launch_options(context, arguments.execute);
  const auto tables = named_tables(context, arguments.selection, /*may_lack_ids=*/false);
  if (!context.label.empty())
    keep_variant(context.workspace, context.label, variant_of(context, tables));
  const Plan planned = plan(context.library(), tables, context.results(),
                            plan_options(context, arguments.selection, arguments.fresh));
  std::optional<Error> unavailable;
  if (!planned.unavailable.empty()) unavailable = planned.unavailable.front().error;
  if (unavailable && planned.runs.empty()) throw *unavailable;

  if (const auto errors = wrong_runs(planned.runs, options.data_dirs); !errors.empty())
    return report_errors(errors, context.json, context.color_on(2));
  const LaunchResult result = execute_runs(context, planned.runs, options);
  tell_if_stopped(context, result);
  ReportOptions asked = report_options(context, arguments.selection);
  asked.with_records = context.json;
  const auto reports = make_reports(tables, context.results(), asked);
  if (context.json)
    print_json(run_json(result, reports, unavailable));
  else
    print_finished(reports);
  const int code = exit_code(result);
  if (code != 0 || !unavailable) return code;
  tell("harness: {}\n", unavailable->what());
  return exit_code(unavailable->kind);
}

}  // namespace

void add_run_command(CLI::App& app, Context& context) {
  CLI::App* command =
      add_command(app, "run", "Run what is missing of tables and figures, then print them",
                  "  harness run table6                       at smoke scale, in minutes\n"
                  "  harness run table6 --scale mini --data-dir ~/photos --time-limit 2h\n"
                  "  harness run all --seeds 0-2 --jobs 2 --device cuda");
  const auto arguments = set_work(*command, context, run_command);
  add_selection(*command, arguments->selection);
  add_execute_options(*command, arguments->execute);
  command->add_flag("--dry-run", arguments->dry_run,
                    "Only print what would run, as harness plan does");
  command->add_flag("--fresh", arguments->fresh, "Run again what is recorded already");
}

}  // namespace mra
