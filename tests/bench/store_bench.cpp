// Fills a database with made-up runs, then runs commands on it: how a large one behaves.
//   store_bench HARNESS [RUNS]      100,000 runs unless told otherwise
#include <cmath>
#include <set>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/stopwatch.h"
#include "harness/spec/library.h"
#include "harness/store/result_store.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

constexpr size_t kSeeds = 5;
constexpr int kEpochs = 60;      // points of a curve
constexpr size_t kBatch = 1000;  // records of a transaction

/// As large as those that workers write.
Json environment() {
  return {{"program",
           {{"version", "0.1.0"},
            {"commit", "0123456789abcdef0123456789abcdef01234567"},
            {"dirty", false},
            {"compiler", "GNU 12.2.0"},
            {"flags", "-O3 -DNDEBUG"},
            {"build_type", "Release"}}},
          {"libraries", {{"libtorch", "2.11.0"}, {"opencv", "4.6.0"}, {"fmt", "9.1.0"}}},
          {"machine",
           {{"host", "made-up"},
            {"system", "Debian GNU/Linux 12 (bookworm)"},
            {"cpu", "made up"},
            {"cores", 2},
            {"memory_bytes", 25276510208}}},
          {"device", {{"kind", "cpu"}, {"threads", 2}}},
          {"threads", 2},
          {"loader_threads", 1},
          {"command_line", {"harness-worker", "execute", "runs/01/23456789abcdef-s0"}},
          {"dataset", {{"name", "shapes"}, {"manifest_sha256", std::string(64, '0')}}}};
}

Curve curve(double end, double shift) {
  Curve points;
  for (int epoch = 1; epoch <= kEpochs; ++epoch)
    points.emplace_back(epoch, end * (1 - std::exp(-epoch / 12.0)) + shift);
  return points;
}

/// The record number `index`, always the same; no two are of the same run. The first are of every
/// other one of `experiments` as it is, with seed 0, so that half of the cells are done and half
/// have to be planned; those after them differ in the recipe, five seeds each.
RunRecord made_up(const std::vector<ExperimentSpec>& experiments, size_t index) {
  const size_t declared = experiments.size() / 2;
  const bool as_declared = index < declared;
  const size_t variant = as_declared ? 0 : (index - declared) / kSeeds;
  const ExperimentSpec& base = experiments[as_declared ? 2 * index : variant % experiments.size()];
  RunRecord record;
  record.spec = base.resolved;
  if (!as_declared) record.spec["recipe"]["weight_decay"] = 1e-4 + double(variant) * 1e-9;
  record.key = as_declared ? base.key : experiment_key(record.spec);
  record.seed = as_declared ? 0 : int64_t((index - declared) % kSeeds);
  record.experiment = base.name;
  const double top1 = 60 + double(index % 1000) / 50;
  record.metrics = {{"top1", top1},      {"top1/best", top1 + 0.25},
                    {"top5", top1 + 15}, {"top5/best", top1 + 15.25},
                    {"loss", 1.25},      {"best_epoch", 58}};
  record.curves = {{"train_loss", curve(-2, 2.5)},
                   {"lr", curve(-0.1, 0.1)},
                   {"top1", curve(top1, 0)},
                   {"top5", curve(top1 + 15, 0)}};
  record.environment = environment();
  record.started_utc = "2026-01-02T03:04:05Z";
  record.wall_s = 300 + double(index % 100);
  record.cpu_s = 2 * record.wall_s;
  record.peak_memory_bytes = 600 << 20;
  record.weights_file = "weights.safetensors";
  record.weights_sha256 = fmt::format("{:064x}", index);
  return record;
}

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

/// Seconds that the database took; making the records up is not counted.
double fill(const std::filesystem::path& database, size_t runs) {
  const auto experiments = all_experiments();
  ResultStore store(database);
  double seconds = 0;
  for (size_t first = 0; first < runs; first += kBatch) {
    std::vector<RunRecord> batch;
    for (size_t i = first; i < std::min(runs, first + kBatch); ++i)
      batch.push_back(made_up(experiments, i));
    const Stopwatch watch;
    store.ingest_all(batch);
    seconds += watch.elapsed_s();
  }
  return seconds;
}

/// Runs `harness command all`, its output going nowhere; prints time and memory.
bool measure(const char* harness, const char* command, const std::string& workspace) {
  const Stopwatch watch;
  const pid_t child = fork();
  if (child == 0) {
    dup2(open("/dev/null", O_WRONLY), 1);
    execl(harness, harness, command, "all", "--workspace", workspace.c_str(), nullptr);
    _exit(127);
  }
  int status = 0;
  struct rusage used {};
  wait4(child, &status, 0, &used);
  fmt::print("{} all: {:.2f} s, {} MiB\n", command, watch.elapsed_s(), used.ru_maxrss / 1024);
  return status == 0;
}

}  // namespace
}  // namespace mra

int main(int argc, char** argv) {
  if (argc < 2) return fmt::print(stderr, "store_bench HARNESS [RUNS]\n"), 2;
  const size_t runs = argc > 2 ? std::stoul(argv[2]) : 100'000;
  const mra::TempDir folder;
  const auto database = mra::ResultStore::path_of(folder.path());
  const double seconds = mra::fill(database, runs);
  fmt::print("{} runs, {} MiB, {:.0f} records a second in batches of {}\n", runs,
             std::filesystem::file_size(database) >> 20, double(runs) / seconds, mra::kBatch);
  bool sound = true;
  for (const char* command : {"list", "plan", "report"})
    sound &= mra::measure(argv[1], command, folder.path());
  return sound ? 0 : 1;
}
