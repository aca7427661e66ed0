#include "harness/cli/bench_store.h"

#include <set>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/stopwatch.h"
#include "harness/cli/machine.h"
#include "harness/cli/made_up_runs.h"
#include "harness/cli/scratch_folder.h"
#include "harness/cli/stop_signals.h"
#include "harness/store/result_store.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

constexpr int kStopped = 75;
constexpr int64_t kBatch = 1000;          // records of a transaction
constexpr int64_t kRecordBytes = 12'000;  // of a record in the database, more than enough

struct CommandCost {
  std::string command;
  double wall_s = 0, memory_mib = 0;
};

/// Everything the tables at smoke scale name, each once.
std::vector<ExperimentSpec> all_experiments() {
  const SpecLibrary library(find_experiments());
  std::vector<ExperimentSpec> found;
  std::set<std::string> keys;
  for (const std::string& id : library.table_ids())
    for (const TableRow& row : library.table(id, "smoke").rows)
      for (const ExperimentSpec& experiment : row.experiments)
        if (keys.insert(experiment.key).second) found.push_back(experiment);
  return found;
}

void check_space(const fs::path& folder, int64_t runs) {
  const int64_t needed = 2 * runs * kRecordBytes, there = folder_state(folder).free_bytes;
  check(there > needed, ErrorKind::kEnvironment, folder.string(),
        fmt::format("{} are free, {} are needed", short_size(there), short_size(needed)),
        "set TMPDIR to a folder with more room, or give a smaller --runs");
}

/// Seconds that the database took; making the records up is not counted. Negative: stopped.
double fill(const fs::path& workspace, int64_t runs, const std::atomic<int>& stops) {
  const MadeUpRuns made_up(all_experiments());
  ResultStore store(ResultStore::path_of(workspace));
  double seconds = 0;
  for (int64_t first = 0; first < runs; first += kBatch) {
    if (stops > 0) return -1;
    std::vector<RunRecord> batch;
    for (int64_t i = first; i < std::min(runs, first + kBatch); ++i)
      batch.push_back(made_up.record(size_t(i)));
    const Stopwatch watch;
    store.ingest_all(batch);
    seconds += watch.elapsed_s();
  }
  return seconds;
}

/// Starts this program; its output goes nowhere.
CommandCost cost_of(const std::vector<std::string>& arguments, const fs::path& workspace) {
  std::vector<std::string> words = {"/proc/self/exe"};
  words.insert(words.end(), arguments.begin(), arguments.end());
  words.insert(words.end(), {"--workspace", workspace.string()});
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  const Stopwatch watch;
  pid_t child = 0;
  const int error = posix_spawn(&child, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  check(error == 0, ErrorKind::kFailure, "harness", "could not start itself", "try again");
  int status = 0;
  struct rusage used {};
  wait4(child, &status, 0, &used);
  const std::string command = fmt::format("{}", fmt::join(arguments, " "));
  check(WIFEXITED(status) && WEXITSTATUS(status) == 0, ErrorKind::kFailure, command, "failed",
        "its message stands above");
  return {command, watch.elapsed_s(), double(used.ru_maxrss) / 1024};
}

Json costs_json(const std::vector<CommandCost>& costs) {
  Json json = Json::array();
  for (const CommandCost& cost : costs)
    json.push_back(
        {{"command", cost.command}, {"wall_s", cost.wall_s}, {"peak_memory_mib", cost.memory_mib}});
  return json;
}

}  // namespace

int bench_store(const Context& context, int64_t runs) {
  const StopSignals signals;
  const ScratchFolder scratch;
  check_space(scratch.path(), runs);
  const double seconds = fill(scratch.path(), runs, signals.count());
  if (seconds < 0) return kStopped;
  const double rate = double(runs) / seconds;
  const auto bytes = int64_t(fs::file_size(ResultStore::path_of(scratch.path())));
  std::vector<CommandCost> costs;
  for (const std::vector<std::string>& command : {std::vector<std::string>{"list", "all"},
                                                  {"plan", "all"},
                                                  {"report", "all"},
                                                  {"report", "all", "--format", "html"}}) {
    if (signals.count() > 0) return kStopped;
    costs.push_back(cost_of(command, scratch.path()));
  }
  if (context.json) {
    print_json({{"runs", runs},
                {"ingested_per_s", rate},
                {"database_bytes", bytes},
                {"commands", costs_json(costs)}});
    return 0;
  }
  print(fmt::format("{} runs, {}, {:.0f} records a second in batches of {}\n", runs,
                    short_size(bytes), rate, kBatch));
  TextTable table{{"command", "seconds", "MiB"}, {}};
  for (const CommandCost& cost : costs)
    table.rows.push_back(
        {cost.command, fmt::format("{:.2f}", cost.wall_s), fmt::format("{:.0f}", cost.memory_mib)});
  print(table.render(false, terminal_width(1)));
  return 0;
}

}  // namespace mra
