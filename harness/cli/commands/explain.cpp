#include <memory>

#include "harness/cli/arguments.h"
#include "harness/cli/commands/commands.h"
#include "harness/cli/explanation_text.h"
#include "reports/explanation.h"

namespace mra {

static int explain_command(const Context& context, const std::string& cell,
                           const Selection& selection) {
  const CellPlace place = find_cell(context.library(), cell, selection.scale);
  const auto store = context.results();
  Explained asked{context.workspace, {}, [&](const ExperimentSpec& experiment) {
                    const auto data = context.data_error(experiment);
                    return data ? one_line(*data) : "";
                  }};
  if (!selection.seeds.empty()) asked.seeds = parse_seeds(selection.seeds);
  const Json explained = explanation(store, place, asked);
  if (context.json)
    print_json(explained);
  else
    print(explanation_text(explained, terminal_width(1)));
  return 0;
}

void add_explain_command(CLI::App& app, Context& context) {
  CLI::App* command =
      add_command(app, "explain", "From a printed figure to its runs, spec, code and data",
                  "  harness explain 'table6/Mask Low'          every column of a row\n"
                  "  harness explain 'table6/Mask Low/Top-1' --scale mini\n"
                  "  harness explain 'table6/mask low/top1' --seeds 0 --json");
  const auto cell = std::make_shared<std::string>();
  const auto selection = std::make_shared<Selection>();
  command->add_option("CELL", *cell, "TABLE/ROW or TABLE/ROW/COLUMN, as the report prints them")
      ->required();
  add_scale(*command, *selection);
  add_seeds(*command, *selection);
  command->callback([&context, cell, selection] {
    context.command = [&context, cell, selection] {
      return explain_command(context, *cell, *selection);
    };
  });
}

}  // namespace mra
