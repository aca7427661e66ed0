#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/commands/commands.h"
#include "harness/run/plan.h"
#include "harness/store/cell_state.h"

namespace mra {

namespace {

/// One experiment of a row: usually its only one.
struct Entry {
  const TableSpec& table;
  const TableRow& row;
  const ExperimentSpec& experiment;
};

/// The state of an experiment's runs; what cannot run here is "unavailable", with the reason.
CellState state_of(const Context& context, const ResultStore& store,
                   const ExperimentSpec& experiment, const Selection& selection) {
  CellState state =
      cell_state(store, context.workspace, experiment.key, selection.seeds_of(experiment));
  if (state.pending_seeds.empty() || state.state == "running") return state;
  std::string reason = not_built(experiment);
  if (const auto error = context.data_error(experiment); error && reason.empty())
    reason = one_line(*error);
  if (!reason.empty()) {
    state.state = "unavailable";
    state.reason = reason;
  }
  return state;
}

/// Titles of the columns that an experiment fills; empty when it fills them all.
std::vector<std::string> columns_of(const Entry& entry) {
  std::vector<std::string> titles;
  if (entry.row.experiments.size() < 2) return titles;
  for (size_t i = 0; i < entry.row.cells.size(); ++i)
    if (const auto place = entry.row.cells[i].experiment;
        place && &entry.row.experiments[*place] == &entry.experiment)
      titles.push_back(entry.table.columns[i].title);
  return titles;
}

Json entry_json(const Entry& entry, const CellState& state) {
  return {{"table", entry.table.id},
          {"row", entry.row.name()},
          {"columns", columns_of(entry)},
          {"key", entry.experiment.key},
          {"scale", entry.table.scale},
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

std::vector<TextTable::Cell> entry_cells(const Entry& entry, const CellState& state) {
  const size_t done = state.done_seeds.size();
  const auto columns = columns_of(entry);
  return {entry.table.id,
          columns.empty() ? entry.row.name()
                          : fmt::format("{}, {}", entry.row.name(), fmt::join(columns, ", ")),
          entry.table.scale,
          state_cell(state.state),
          fmt::format("{}/{}", done, done + state.pending_seeds.size()),
          entry.experiment.key,
          state.reason};
}

int list_command(const Context& context, const Selection& selection, bool pending_only) {
  const auto tables = named_tables(context, selection, /*may_lack_ids=*/true);
  const auto store = ResultStore::open_read_only(ResultStore::path_of(context.workspace));
  Json experiments = Json::array();
  TextTable text{{"table", "row", "scale", "state", "done", "key", "why"}, {}};
  for (const TableSpec& table : tables) {
    for (const TableRow& row : table.rows) {
      for (const ExperimentSpec& experiment : row.experiments) {
        const Entry entry{table, row, experiment};
        const CellState state = state_of(context, store, experiment, selection);
        if (pending_only && state.pending_seeds.empty()) continue;
        experiments.push_back(entry_json(entry, state));
        text.rows.push_back(entry_cells(entry, state));
      }
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
