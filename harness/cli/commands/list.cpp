#include <map>

#include <fmt/format.h>

#include "harness/cli/commands/commands.h"
#include "harness/store/cell_state.h"

namespace mra {

namespace {

/// The state of a row's runs; what could not run here is "unavailable", with the reason.
CellState row_state(const Context& context, const ResultStore& store, const TableRow& row,
                    const Selection& selection) {
  CellState state =
      cell_state(store, context.workspace, row.experiment.key, selection.seeds_of(row.experiment));
  if (state.pending_seeds.empty() || state.state == "running") return state;
  if (const auto error = context.data_error(row.experiment)) {
    state.state = "unavailable";
    state.reason = one_line(*error);
  }
  return state;
}

Json row_json(const TableSpec& table, const TableRow& row, const CellState& state) {
  return {{"table", table.id},
          {"row", row.label},
          {"key", row.experiment.key},
          {"scale", table.scale},
          {"state", state.state},
          {"reason", state.reason.empty() ? Json() : Json(state.reason)},
          {"seeds", {{"done", state.done_seeds}, {"pending", state.pending_seeds}}}};
}

TextTable::Cell state_cell(const std::string& state) {
  static const std::map<std::string, Color> kColors = {
      {"done", Color::kGreen},         {"running", Color::kYellow}, {"partial", Color::kYellow},
      {"interrupted", Color::kYellow}, {"failed", Color::kRed},     {"unavailable", Color::kRed}};
  const auto color = kColors.find(state);
  return color == kColors.end() ? TextTable::Cell(state) : TextTable::Cell(state, color->second);
}

std::vector<TextTable::Cell> row_cells(const TableSpec& table, const TableRow& row,
                                       const CellState& state) {
  const size_t done = state.done_seeds.size();
  return {table.id,
          row.label,
          table.scale,
          state_cell(state.state),
          fmt::format("{}/{}", done, done + state.pending_seeds.size()),
          row.experiment.key,
          state.reason};
}

int list_command(const Context& context, const Selection& selection, bool pending_only) {
  const auto tables = named_tables(context, selection, /*may_lack_ids=*/true);
  const auto store = ResultStore::open_read_only(ResultStore::path_of(context.workspace));
  Json experiments = Json::array();
  TextTable text{{"table", "row", "scale", "state", "done", "key", "why"}, {}};
  for (const TableSpec& table : tables) {
    for (const TableRow& row : table.rows) {
      const CellState state = row_state(context, store, row, selection);
      if (pending_only && state.pending_seeds.empty()) continue;
      experiments.push_back(row_json(table, row, state));
      text.rows.push_back(row_cells(table, row, state));
    }
  }
  if (context.json)
    print_json({{"experiments", experiments}});
  else
    print(text.render(context.color_on(1), terminal_width(1)));
  return 0;
}

}  // namespace

void add_list_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(app, "list", "Every experiment and its state",
                                  "  harness list\n"
                                  "  harness list table6 --scale mini --pending --json");
  const auto selection = std::make_shared<Selection>();
  const auto pending_only = std::make_shared<bool>(false);
  add_ids(*command, *selection);
  add_scale(*command, *selection);
  add_seeds(*command, *selection);
  command->add_flag("--pending", *pending_only, "Only what is not done");
  command->callback([&context, selection, pending_only] {
    context.command = [&context, selection, pending_only] {
      return list_command(context, *selection, *pending_only);
    };
  });
}

}  // namespace mra
