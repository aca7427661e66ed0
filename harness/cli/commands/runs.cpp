#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/commands/commands.h"
#include "harness/record/run_lock.h"
#include "harness/run/garbage.h"
#include "harness/run/run_lines.h"
#include "harness/spec/cell_place.h"
#include "harness/store/run_facts.h"
#include "harness/store/variants.h"

namespace mra {

namespace {

namespace fs = std::filesystem;

/// Key -> the rows that rest on it, at the scales of the runs, those of labels too.
CellsOfKey cells_of(const Context& context, const std::vector<RunLine>& lines) {
  std::set<std::string> scales;
  for (const RunLine& line : lines) scales.insert(line.scale);
  std::erase_if(scales, [known = context.library().scales()](const std::string& scale) {
    return std::count(known.begin(), known.end(), scale) == 0;
  });
  const SpecLibrary library = context.library();
  CellsOfKey cells = cells_of_keys(library, library.table_ids(), scales);
  for (const auto& [label, variant] : read_variants(context.workspace))
    for (const auto& [key, names] :
         cells_of_keys(context.library(variant.overrides), variant.tables, scales))
      if (!cells.contains(key))
        for (const std::string& name : names) cells[key].push_back(name + " as " + label);
  return cells;
}

int runs_command(const Context& context) {
  const auto lines = run_lines(context.workspace, context.results());
  const CellsOfKey cells = cells_of(context, lines);
  TextTable table{{"run", "experiment", "state", "age", "size", "fills"}, {}, /*shrink=*/1};
  Json runs = Json::array();
  int64_t bytes = 0;
  for (const RunLine& line : lines) {
    const auto found = cells.find(line.id.key);
    const auto fills = found == cells.end() ? std::vector<std::string>() : found->second;
    bytes += line.bytes;
    runs.push_back({{"key", line.id.key},
                    {"seed", line.id.seed},
                    {"experiment", line.experiment},
                    {"state", line.state},
                    {"age_s", line.age_s ? Json(*line.age_s) : Json()},
                    {"bytes", line.bytes},
                    {"cells", fills}});
    table.rows.push_back(
        {text(line.id), line.experiment, line.state,
         line.age_s ? short_duration(*line.age_s) : "unknown", short_size(line.bytes),
         fills.empty() ? "no cell: run with --set but without --as, or from another spec"
                       : fmt::format("{}", fmt::join(fills, ", "))});
  }
  context.answer(
      {{"runs", runs}, {"bytes", bytes}},
      lines.empty()
          ? fmt::format("no run is recorded in {}\n", context.workspace.string())
          : context.shown(table) + fmt::format("{} run{}, {}\n", runs.size(),
                                               runs.size() == 1 ? "" : "s", short_size(bytes)));
  return 0;
}

/// Asks on the terminal; an Error where there is nobody to answer.
bool agreed(const std::string& question) {
  check(isatty(0) != 0, ErrorKind::kUsage, "harness rm",
        "stdin is not a terminal, so the question cannot be asked",
        "add --yes to remove without a question");
  tell("{} [y/N] ", question);
  const int answer = std::getchar();
  return answer == 'y' || answer == 'Y';
}

struct RmArguments {
  std::vector<std::string> prefixes;
  bool yes = false;
};

int rm_command(const Context& context, const RmArguments& asked) {
  std::vector<RunId> ids;
  int64_t bytes = 0;
  {
    const auto store = context.results();
    for (const std::string& prefix : asked.prefixes) {
      const RunId id = find_run(context.workspace, store, prefix);
      if (std::count(ids.begin(), ids.end(), id) > 0) continue;
      ids.push_back(id);
      bytes += bytes_of(RunDirectory::path_of(context.workspace, id));
    }
  }
  std::vector<std::string> names;
  for (const RunId& id : ids) names.push_back(text(id));
  if (!asked.yes &&
      !agreed(fmt::format("remove {} ({})?", fmt::join(names, ", "), short_size(bytes)))) {
    tell("nothing is removed\n");
    return 0;
  }
  for (const RunId& id : ids) remove_run(context.workspace, id);
  context.answer({{"removed", names}, {"bytes", bytes}},
                 fmt::format("removed {}: {}\n", fmt::join(names, ", "), short_size(bytes)));
  return 0;
}

/// Prints what the log holds beyond `offset`; gives the offset after it.
std::streamoff print_log(const fs::path& file, std::streamoff offset) {
  std::ifstream log(file, std::ios::binary);
  log.seekg(offset);
  const std::string more((std::istreambuf_iterator<char>(log)), std::istreambuf_iterator<char>());
  if (!more.empty()) print(more);
  return offset + std::streamoff(more.size());
}

struct LogsArguments {
  std::string run;
  bool follow = false;
};

int logs_command(const Context& context, const LogsArguments& asked) {
  const RunId id = find_run(context.workspace, context.results(), asked.run);
  const RunDirectory directory(RunDirectory::path_of(context.workspace, id));
  check(fs::is_regular_file(directory.log_file()), ErrorKind::kUsage, text(id), "has no log",
        "harness show RUN tells the state of the run; one that has not started has no log");
  std::streamoff printed = 0;
  for (bool running = true; running;) {
    running = asked.follow && is_locked(directory);
    printed = print_log(directory.log_file(), printed);
    if (running) std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return 0;
}

}  // namespace

void add_runs_command(CLI::App& app, Context& context) {
  set_work(*add_command(app, "runs", "Every run of the workspace, with and without --set",
                        "  harness runs\n"
                        "  harness runs --json"),
           context, runs_command);
}

void add_rm_command(CLI::App& app, Context& context) {
  CLI::App* command =
      add_command(app, "rm", "Remove runs: their records and their folders",
                  "  harness rm 3f2a91c0          the run whose name begins with 3f2a91c0\n"
                  "  harness rm 3f2a-s1 77b0 --yes   without a question");
  const auto asked = set_work(*command, context, rm_command);
  command->add_option("RUN", asked->prefixes, "Beginnings of KEY-sSEED")->required();
  command->add_flag("--yes", asked->yes, "Do not ask");
}

void add_logs_command(CLI::App& app, Context& context) {
  CLI::App* command =
      add_command(app, "logs", "What the worker of a run printed",
                  "  harness logs 3f2a91c0\n"
                  "  harness logs -f 3f2a91c0   go on printing while the run goes on");
  const auto asked = set_work(*command, context, logs_command);
  add_run_name(*command, asked->run);
  command->add_flag("-f,--follow", asked->follow, "Go on printing until the run ends");
}

}  // namespace mra
