#include "harness/base/error.h"
#include "harness/base/system_facts.h"
#include "harness/base/units.h"
#include "harness/cli/commands/commands.h"
#include "harness/cli/verdict_plan.h"
#include "harness/run/plan_text.h"
#include "harness/run/preflight.h"
#include "reports/report_files.h"

namespace mra {

PlanOptions plan_options(const Context& context, const Selection& selection, bool fresh) {
  PlanOptions options;
  options.fresh = fresh;
  options.workspace = context.workspace;
  options.machine = machine_text(processor_name(), processor_count());
  options.seeds = selection.seeds;
  options.unavailable = [&context](const ExperimentSpec& experiment) {
    return context.data_error(experiment);
  };
  return options;
}

int show_plan(const Context& context, const Selection& selection, bool fresh) {
  const auto store = context.results();
  const auto tables = named_tables(context, selection, /*may_lack_ids=*/false);
  const Plan planned =
      plan(context.library(), tables, store, plan_options(context, selection, fresh));
  if (const auto errors = wrong_runs(planned.runs, context.data_folders()); !errors.empty())
    return report_errors(errors, context.json, context.color_on(2));
  context.answer(to_json(planned), plan_text(planned, terminal_width(1)));
  return 0;
}

namespace {

struct PlanArguments {
  Selection selection;
  std::string budget, goal;
};

int show_verdict_plan(const Context& context, const PlanArguments& arguments) {
  const Selection& selection = arguments.selection;
  check(!arguments.budget.empty(), ErrorKind::kUsage, "--for",
        "the order of runs depends on how long they may take", "give --budget 8h as well");
  check(selection.only.empty() && selection.seeds.empty(), ErrorKind::kUsage, "--for",
        "rows and seeds follow from the claims", "leave --only and --seeds out");
  const double budget_s = parse_duration_s(arguments.budget, "--budget");
  const auto store = context.results();
  const SpecLibrary library = context.library();
  const auto tables = named_tables(context, selection, /*may_lack_ids=*/true);
  ReportOptions options = report_options(context, selection);
  options.claims = library.claims();
  const PlanRows plan_rows = [&](const TableSpec& table, const std::vector<int64_t>& seeds) {
    PlanOptions wanted = plan_options(context, selection, /*fresh=*/false);
    wanted.seeds = seeds;
    return plan(library, {table}, store, wanted);
  };
  const VerdictPlan planned =
      plan_verdicts(tables, make_reports(tables, store, options), plan_rows, budget_s);
  context.answer(to_json(planned), text(planned, terminal_width(1)));
  return 0;
}

int plan_command(const Context& context, const PlanArguments& arguments) {
  if (!arguments.goal.empty()) return show_verdict_plan(context, arguments);
  check(arguments.budget.empty(), ErrorKind::kUsage, "--budget", "only a plan for verdicts has one",
        "add --for verdicts");
  return show_plan(context, arguments.selection, /*fresh=*/false);
}

}  // namespace

void add_plan_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(app, "plan", "What would run, in order, and why",
                                  "  harness plan table6\n"
                                  "  harness plan all --scale mini --seeds 0-2 --json\n"
                                  "  harness plan --scale mini --budget 8h --for verdicts");
  const auto arguments = set_work(*command, context, plan_command);
  add_selection(*command, arguments->selection);
  command->add_option("--budget", arguments->budget, "How long the runs may take: 30m, 8h, …");
  command
      ->add_option("--for", arguments->goal,
                   "verdicts: first the runs that decide most claims per hour")
      ->check(CLI::IsMember({"verdicts"}));
}

}  // namespace mra
