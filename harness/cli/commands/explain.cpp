#include <filesystem>

#include "harness/base/file.h"
#include "harness/base/tell.h"
#include "harness/cli/commands/commands.h"
#include "reports/curve_chart.h"
#include "reports/explanation.h"
#include "reports/explanation_text.h"

namespace mra {

struct ExplainArguments {
  std::string cell;
  Selection selection;
  std::filesystem::path curves;  ///< file for the learning curves; empty: none is asked for
};

static int explain_command(const Context& context, const ExplainArguments& asked) {
  const CellPlace place = find_cell(context.library(), asked.cell, asked.selection.scale);
  const Explained wanted{context.workspace, asked.selection.seeds,
                         [&](const ExperimentSpec& experiment) {
                           const auto data = context.data_error(experiment);
                           return data ? one_line(*data) : "";
                         }};
  const ResultStore store = context.results();
  if (!asked.curves.empty()) {
    write_file_atomically(asked.curves, curves_page(place, store, asked.selection.seeds));
    tell("{}\n", asked.curves.string());
  }
  const Json explained = explanation(store, place, wanted);
  context.answer(explained, explanation_text(explained, terminal_width(1)));
  return 0;
}

void add_explain_command(CLI::App& app, Context& context) {
  CLI::App* command =
      add_command(app, "explain", "Show the runs, spec, code and data behind a printed figure",
                  "  harness explain 'table6/Mask Low'          every column of a row\n"
                  "  harness explain 'table6/Mask Low/Top-1' --scale mini\n"
                  "  harness explain 'table6/mask low/top1' --seeds 0 --json\n"
                  "  harness explain 'table6/Mask Low' --curves curves.html   loss and accuracy");
  const auto asked = set_work(*command, context, explain_command);
  command
      ->add_option("CELL", asked->cell, "TABLE/ROW or TABLE/ROW/COLUMN, as the report prints them")
      ->required();
  add_scale(*command, asked->selection);
  add_seeds(*command, asked->selection);
  command->add_option("--curves", asked->curves,
                      "File to write: a page with the learning curves of every seed");
}

}  // namespace mra
