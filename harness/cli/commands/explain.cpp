#include "harness/cli/commands/commands.h"
#include "reports/explanation.h"
#include "reports/explanation_text.h"

namespace mra {

struct ExplainArguments {
  std::string cell;
  Selection selection;
};

static int explain_command(const Context& context, const ExplainArguments& asked) {
  const CellPlace place = find_cell(context.library(), asked.cell, asked.selection.scale);
  const Explained wanted{context.workspace, asked.selection.seeds,
                         [&](const ExperimentSpec& experiment) {
                           const auto data = context.data_error(experiment);
                           return data ? one_line(*data) : "";
                         }};
  const Json explained = explanation(context.results(), place, wanted);
  context.answer(explained, explanation_text(explained, terminal_width(1)));
  return 0;
}

void add_explain_command(CLI::App& app, Context& context) {
  CLI::App* command =
      add_command(app, "explain", "Show the runs, spec, code and data behind a printed figure",
                  "  harness explain 'table6/Mask Low'          every column of a row\n"
                  "  harness explain 'table6/Mask Low/Top-1' --scale mini\n"
                  "  harness explain 'table6/mask low/top1' --seeds 0 --json");
  const auto asked = set_work(*command, context, explain_command);
  command
      ->add_option("CELL", asked->cell, "TABLE/ROW or TABLE/ROW/COLUMN, as the report prints them")
      ->required();
  add_scale(*command, asked->selection);
  add_seeds(*command, asked->selection);
}

}  // namespace mra
