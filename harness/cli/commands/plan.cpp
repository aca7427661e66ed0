#include "harness/base/system_facts.h"
#include "harness/cli/commands/commands.h"
#include "harness/run/plan_text.h"
#include "harness/run/preflight.h"

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

static int plan_command(const Context& context, const Selection& selection) {
  return show_plan(context, selection, /*fresh=*/false);
}

void add_plan_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(app, "plan", "What would run, in order, and why",
                                  "  harness plan table6\n"
                                  "  harness plan all --scale mini --seeds 0-2 --json");
  add_selection(*command, *set_work(*command, context, plan_command));
}

}  // namespace mra
