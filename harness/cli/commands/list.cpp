#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/suggest.h"
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

CellProgress progress_of(const Context& context, const ResultStore& store,
                         const ExperimentSpec& experiment, const Selection& selection) {
  const auto error = context.data_error(experiment);
  return cell_progress(store, context.workspace, experiment, selection.seeds_of(experiment),
                       error ? one_line(*error) : "");
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

/// Says what the scale lacks for a column that the experiment fills, before what the machine lacks.
void add_lacking(const Entry& entry, CellProgress& progress) {
  if (progress.pending_seeds.empty()) return;
  for (size_t i = 0; i < entry.row.cells.size(); ++i) {
    const std::string& lacking = entry.table.columns[i].lacking;
    const auto place = entry.row.cells[i].experiment;
    if (lacking.empty() || !place || &entry.row.experiments[*place] != &entry.experiment) continue;
    progress.reason = progress.reason.empty() ? lacking : lacking + "; " + progress.reason;
    return;
  }
}

Json entry_json(const Entry& entry, const CellProgress& progress) {
  return {{"table", entry.table.id},
          {"row", entry.row.name()},
          {"columns", columns_of(entry)},
          {"key", entry.experiment.key},
          {"scale", entry.table.scale},
          {"state", name(progress.state)},
          {"reason", progress.reason.empty() ? Json() : Json(progress.reason)},
          {"seeds", {{"done", progress.done_seeds}, {"pending", progress.pending_seeds}}}};
}

TextTable::Cell state_cell(CellState state) {
  switch (state) {
    case CellState::kDone:
      return {name(state), Color::kGreen};
    case CellState::kPending:
      return name(state);
    case CellState::kFailed:
    case CellState::kUnavailable:
      return {name(state), Color::kRed};
    default:
      return {name(state), Color::kYellow};
  }
}

/// How many digits of a key are shown where columns are few; `harness show` takes a beginning.
constexpr size_t kShortKey = 8;
constexpr size_t kWideTerminal = 100;

std::vector<TextTable::Cell> entry_cells(const Entry& entry, const CellProgress& progress,
                                         size_t width) {
  const size_t done = progress.done_seeds.size();
  const auto columns = columns_of(entry);
  const bool narrow = width > 0 && width < kWideTerminal;
  return {entry.table.id,
          columns.empty() ? entry.row.name()
                          : fmt::format("{}, {}", entry.row.name(), fmt::join(columns, ", ")),
          state_cell(progress.state),
          fmt::format("{}/{}", done, done + progress.pending_seeds.size()),
          narrow ? entry.experiment.key.substr(0, kShortKey) : entry.experiment.key,
          progress.reason};
}

struct ListArguments {
  Selection selection;
  std::vector<std::string> states;
  bool pending_only = false;
};

/// The states of --state, each a known one.
std::set<std::string> states_meant(const std::vector<std::string>& typed) {
  std::set<std::string> meant;
  for (const std::string& state : typed) {
    const auto& known = cell_state_names();
    check(std::count(known.begin(), known.end(), state) > 0, ErrorKind::kUsage, "--state",
          fmt::format("unknown state '{}'", state), suggestion(state, known));
    meant.insert(state);
  }
  return meant;
}

/// "12 experiments at scale smoke: 3 done, 9 pending".
std::string summary(const std::map<std::string, size_t>& counts, const std::string& scale) {
  std::vector<std::string> parts;
  size_t all = 0;
  for (const std::string& state : cell_state_names()) {
    const auto count = counts.find(state);
    if (count == counts.end()) continue;
    all += count->second;
    parts.push_back(fmt::format("{} {}", count->second, state));
  }
  return fmt::format("{} experiment{} at scale {}{}{}\n", all, all == 1 ? "" : "s", scale,
                     parts.empty() ? "" : ": ", fmt::join(parts, ", "));
}

int list_command(const Context& context, const ListArguments& arguments) {
  const Selection& selection = arguments.selection;
  const auto states = states_meant(arguments.states);
  const auto tables = named_tables(context, selection, /*may_lack_ids=*/true);
  context.expect_workspace();
  const auto store = context.results();
  const size_t width = terminal_width(1);
  std::map<std::string, size_t> counts;
  Json experiments = Json::array();
  TextTable text{{"table", "row", "state", "done", "key", "why"}, {}, /*shrink=*/1};
  for (const TableSpec& table : tables) {
    for (const TableRow& row : table.rows) {
      for (const ExperimentSpec& experiment : row.experiments) {
        const Entry entry{table, row, experiment};
        CellProgress progress = progress_of(context, store, experiment, selection);
        add_lacking(entry, progress);
        const std::string state = name(progress.state);
        if (arguments.pending_only && progress.pending_seeds.empty()) continue;
        if (!states.empty() && !states.contains(state)) continue;
        ++counts[state];
        experiments.push_back(entry_json(entry, progress));
        text.rows.push_back(entry_cells(entry, progress, width));
      }
    }
  }
  context.answer({{"experiments", experiments}},
                 context.shown(text) + summary(counts, selection.scale));
  return 0;
}

}  // namespace

void add_list_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(app, "list", "Every experiment and its state",
                                  "  harness list\n"
                                  "  harness list table6 --scale mini --pending --json\n"
                                  "  harness list --state failed --state interrupted\n"
                                  "  harness list table1 --only MRA --seeds 0-2");
  const auto arguments = set_work(*command, context, list_command);
  add_selection(*command, arguments->selection);
  command
      ->add_option("--state", arguments->states,
                   fmt::format("Only experiments in this state; repeatable: {}",
                               fmt::join(cell_state_names(), ", ")))
      ->allow_extra_args(false);
  command->add_flag("--pending", arguments->pending_only, "Only experiments that are not done");
}

}  // namespace mra
