#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <map>
#include <memory>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/tell.h"
#include "harness/cli/commands/commands.h"
#include "harness/record/journal.h"
#include "harness/record/run_lock.h"
#include "harness/run/garbage.h"
#include "harness/run/run_files.h"
#include "harness/spec/inherit.h"
#include "harness/store/run_facts.h"

namespace mra {

namespace {

namespace fs = std::filesystem;

using CellsOfKey = std::map<std::string, std::vector<std::string>>;

/// The rows of all tables, at every scale, that rest on a key: that show its runs or start from
/// them. A table that cannot be read is told and left out.
CellsOfKey cells_of_keys(const SpecLibrary& library) {
  CellsOfKey cells;
  const auto add = [&](const std::string& key, const std::string& name) {
    auto& names = cells[key];
    if (std::count(names.begin(), names.end(), name) == 0) names.push_back(name);
  };
  for (const std::string& scale : library.scales())
    for (const std::string& id : library.table_ids()) try {
        for (const TableRow& row : library.table(id, scale).rows)
          for (const ExperimentSpec& experiment : row.experiments) {
            const std::string name = fmt::format("{}/{} at {}", id, row.name(), scale);
            add(experiment.key, name);
            for (const Dependency& needed : experiment.dependencies) add(needed.key, name);
          }
      } catch (const Error& error) {
        tell("{} is left out: {}\n", id, one_line(error));
      }
  return cells;
}

/// What `harness runs` shows of a run.
struct RunLine {
  RunId id;
  std::string experiment, state;
  std::optional<double> age_s;  ///< since the latest that is known of it
  int64_t bytes = 0;            ///< of its folder
  std::vector<std::string> cells;
};

std::optional<double> age_of(const std::string& time_utc) {
  std::tm time = {};
  if (::strptime(time_utc.c_str(), "%Y-%m-%dT%H:%M:%S", &time) == nullptr) return std::nullopt;
  return std::max(0.0, std::difftime(std::time(nullptr), ::timegm(&time)));
}

RunLine line_of(const Context& context, const ResultStore& store, const RunId& id,
                const CellsOfKey& cells) {
  const RunDirectory directory(RunDirectory::path_of(context.workspace, id));
  RunLine line{id, "", name(directory.state()), std::nullopt, bytes_of(directory.path()), {}};
  if (const auto record = store.run(id)) {
    line.experiment = record->experiment;
    line.state = name(RunState::kDone);
    line.age_s = age_of(record->started_utc);
  } else {
    const auto events = read_journal(directory.journal_file());
    if (!events.empty()) line.age_s = age_of(events.back().time_utc);
    if (fs::is_regular_file(directory.spec_file()))
      line.experiment = read_json_file(directory.spec_file()).value("experiment", "");
  }
  if (const auto found = cells.find(id.key); found != cells.end()) line.cells = found->second;
  return line;
}

int runs_command(const Context& context) {
  const auto store = context.results();
  const CellsOfKey cells = cells_of_keys(context.library());
  TextTable text{{"run", "experiment", "state", "age", "size", "fills"}, {}, /*shrink=*/1};
  Json runs = Json::array();
  int64_t bytes = 0;
  for (const RunId& id : known_runs(context.workspace, store)) {
    const RunLine line = line_of(context, store, id, cells);
    bytes += line.bytes;
    runs.push_back({{"key", id.key},
                    {"seed", id.seed},
                    {"experiment", line.experiment},
                    {"state", line.state},
                    {"age_s", line.age_s ? Json(*line.age_s) : Json()},
                    {"bytes", line.bytes},
                    {"cells", line.cells}});
    text.rows.push_back({mra::text(id), line.experiment, line.state,
                         line.age_s ? short_duration(*line.age_s) : "unknown",
                         short_size(line.bytes),
                         line.cells.empty() ? "no cell: of --set, or of another spec"
                                            : fmt::format("{}", fmt::join(line.cells, ", "))});
  }
  if (context.json)
    print_json({{"runs", runs}, {"bytes", bytes}});
  else if (runs.empty())
    print(fmt::format("no run is recorded in {}\n", context.workspace.string()));
  else
    print(
        text.render(context.color_on(1), terminal_width(1)) +
        fmt::format("{} run{}, {}\n", runs.size(), runs.size() == 1 ? "" : "s", short_size(bytes)));
  return 0;
}

/// Asks on the terminal; an Error where there is nobody to answer.
bool agreed(const std::string& question) {
  check(isatty(0) != 0, ErrorKind::kUsage, "harness rm",
        "stdin is no terminal, so nobody can agree", "add --yes to remove without a question");
  tell("{} [y/N] ", question);
  const int answer = std::getchar();
  return answer == 'y' || answer == 'Y';
}

/// Takes a run out of the database, then deletes its folder, under another name so that a kill in
/// between leaves nothing that looks like a run.
void remove_run(const Context& context, const RunId& id) {
  const RunDirectory directory(RunDirectory::path_of(context.workspace, id));
  const bool has_folder = fs::is_directory(directory.path());
  const auto lock = has_folder ? RunLock::try_take(directory) : std::nullopt;
  check(lock || !has_folder, ErrorKind::kUsage, text(id), "somebody works on this run",
        "stop that harness first: Ctrl-C, or SIGTERM");
  if (fs::exists(ResultStore::path_of(context.workspace)))
    ResultStore(ResultStore::path_of(context.workspace)).remove(id);
  if (has_folder) remove(Garbage{move_aside(directory), 0, ""});
}

int rm_command(const Context& context, const std::vector<std::string>& prefixes, bool yes) {
  std::vector<RunId> ids;
  int64_t bytes = 0;
  {
    const auto store = context.results();
    for (const std::string& prefix : prefixes) {
      const RunId id = find_run(context.workspace, store, prefix);
      if (std::count(ids.begin(), ids.end(), id) > 0) continue;
      ids.push_back(id);
      bytes += bytes_of(RunDirectory::path_of(context.workspace, id));
    }
  }
  std::vector<std::string> names;
  for (const RunId& id : ids) names.push_back(text(id));
  if (!yes && !agreed(fmt::format("remove {} ({})?", fmt::join(names, ", "), short_size(bytes)))) {
    tell("nothing is removed\n");
    return 0;
  }
  for (const RunId& id : ids) remove_run(context, id);
  if (context.json)
    print_json({{"removed", names}, {"bytes", bytes}});
  else
    print(fmt::format("removed {}: {}\n", fmt::join(names, ", "), short_size(bytes)));
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

int logs_command(const Context& context, const std::string& prefix, bool follow) {
  const RunId id = find_run(context.workspace, context.results(), prefix);
  const RunDirectory directory(RunDirectory::path_of(context.workspace, id));
  check(fs::is_regular_file(directory.log_file()), ErrorKind::kUsage, text(id), "has no log",
        "the log is in the run's folder; harness show tells what is there");
  std::streamoff printed = 0;
  for (bool running = true; running;) {
    running = follow && is_locked(directory);
    printed = print_log(directory.log_file(), printed);
    if (running) std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return 0;
}

}  // namespace

void add_runs_command(CLI::App& app, Context& context) {
  add_command(app, "runs", "Every run of the workspace, those of --set too",
              "  harness runs\n"
              "  harness runs --json")
      ->callback([&context] { context.command = [&context] { return runs_command(context); }; });
}

void add_rm_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(app, "rm", "Remove runs: their records and their folders",
                                  "  harness rm 3f2a91c0          the run whose name begins so\n"
                                  "  harness rm 3f2a-s1 77b0 --yes   without a question");
  const auto prefixes = std::make_shared<std::vector<std::string>>();
  const auto yes = std::make_shared<bool>(false);
  command->add_option("RUN", *prefixes, "Beginnings of KEY-sSEED")->required();
  command->add_flag("--yes", *yes, "Do not ask");
  command->callback([&context, prefixes, yes] {
    context.command = [&context, prefixes, yes] { return rm_command(context, *prefixes, *yes); };
  });
}

void add_logs_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(app, "logs", "What the worker of a run printed",
                                  "  harness logs 3f2a91c0\n"
                                  "  harness logs -f 3f2a91c0   and what it goes on to print");
  const auto prefix = std::make_shared<std::string>();
  const auto follow = std::make_shared<bool>(false);
  command->add_option("RUN", *prefix, "The beginning of KEY-sSEED")->required();
  command->add_flag("-f,--follow", *follow, "Until the run ends");
  command->callback([&context, prefix, follow] {
    context.command = [&context, prefix, follow] {
      return logs_command(context, *prefix, *follow);
    };
  });
}

}  // namespace mra
