#include "harness/worker/execute.h"

#include <cstdio>

#include <fmt/format.h>
#include <sys/resource.h>

#include "harness/base/disk.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/data/dataset.h"
#include "harness/model/convolution_check.h"
#include "harness/model/state_dict.h"
#include "harness/record/evidence.h"
#include "harness/spec/inputs.h"
#include "harness/spec/shallow_json.h"
#include "harness/train/checkpoint.h"
#include "harness/train/determinism.h"
#include "harness/train/device.h"
#include "harness/train/trainer.h"
#include "harness/worker/environment.h"
#include "harness/worker/failures.h"
#include "harness/worker/run_request.h"

namespace mra {

namespace {

/// Reports the progress to `harness`: one line of JSON on stdout for each update.
class PipeProgress : public Progress {
 public:
  void update(const ProgressUpdate& u) override {
    const Json line = {{"epoch", u.epoch},
                       {"epochs", u.epochs},
                       {"done_frac", u.done_frac},
                       {"images_per_s", u.images_per_s},
                       {"data_wait_frac", u.data_wait_frac},
                       {"loss", u.loss},
                       {"left_s", u.left_s}};
    fmt::print("{}\n", line.dump());
    std::fflush(stdout);
  }
};

int64_t peak_memory_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return int64_t(usage.ru_maxrss) * 1024;
}

/// The content of evidence.bits; empty where the task keeps no pictures that it got right.
std::string evidence_of(const TrainResult& result, const Json& dataset) {
  if (result.right.empty()) return "";
  return to_bytes({.dataset = dataset.value("name", ""),
                   .manifest_sha256 = dataset.value("manifest_sha256", ""),
                   .split = name(Split::kVal),
                   .pictures = int64_t(result.right.begin()->second.size()),
                   .right = result.right});
}

/// Writes weights and evidence, then the record, so that it never refers to incomplete files.
void write_result(const RunDirectory& directory, const RunRequest& request, Task& task,
                  const TrainResult& result, const Json& environment,
                  const std::string& started_utc) {
  auto metadata = task.weights_metadata();
  metadata["run"] = text(request.id);
  write_weights(directory.weights_file(), state_dict(task.module()), metadata);
  RunRecord record;
  record.key = request.id.key;
  record.seed = request.id.seed;
  record.experiment = request.spec.name;
  record.spec = request.spec.resolved;
  record.metrics = result.metrics;
  record.curves = result.curves;
  record.environment = environment;
  record.environment["data_wait_s"] = result.data_wait_s;
  write_file_atomically(directory.environment_file(), record.environment.dump(1) + "\n");
  record.started_utc = started_utc;
  record.wall_s = result.wall_s;
  record.cpu_s = result.cpu_s;
  record.peak_memory_bytes = peak_memory_bytes();
  record.attempts = result.attempts;
  record.weights_file = directory.weights_file().filename().string();
  record.weights_sha256 = sha256_file(directory.weights_file());
  record.evidence = evidence_of(result, environment["dataset"]);
  if (!record.evidence.empty()) {
    record.evidence_sha256 = sha256(record.evidence);
    write_file_atomically(directory.evidence_file(), record.evidence);
  }
  write_file_atomically(directory.record_file(), to_json(record).dump(1) + "\n");
}

/// Writes the first line of a trace, which names the run.
void begin_trace(const RunDirectory& directory, const RunId& id) {
  if (!std::filesystem::exists(directory.trace_file()))
    JournalWriter(directory.trace_file()).append("start", {{"run", text(id)}});
}

/// Returns when the first attempt of the run started.
std::string first_start(const RunDirectory& directory) {
  for (const JournalEvent& event : read_journal(directory.journal_file()))
    if (event.event == "start") return event.time_utc;
  return utc_now();
}

/// Returns the inputs passed by `harness` and those of earlier attempts that the run also used.
Json all_inputs(const RunDirectory& directory, const RunRequest& request) {
  Json inputs = request.inputs;
  if (!std::filesystem::exists(directory.environment_file())) return inputs;
  for (const Json& input : inputs_of(parse_shallow(read_file(directory.environment_file()))))
    add_input(inputs, input);
  return inputs;
}

/// "fast" when this attempt, or an earlier one that it may continue, makes no promise of equal
/// bits.
std::string determinism_of(const RunDirectory& directory, const ExecuteOptions& options) {
  if (!std::filesystem::exists(directory.environment_file())) return options.determinism;
  const Json earlier = parse_shallow(read_file(directory.environment_file()));
  const auto found = earlier.find("determinism");
  return found != earlier.end() && *found == "fast" ? "fast" : options.determinism;
}

int run_to_record(const ExecuteOptions& options, RunDirectory& directory, JournalWriter& journal,
                  const std::atomic<bool>& stop) {
  const RunRequest request = read_request(directory);
  const torch::Device device = select_device(options.device);
  set_threads(options.threads);
  choose_kernels(options.determinism, request.spec.recipe.precision);
  Json environment = describe_environment(device, options.loader_threads);
  environment["determinism"] = determinism_of(directory, options);
  Json inputs = all_inputs(directory, request);
  environment["inputs"] = inputs;
  write_file_atomically(directory.environment_file(), environment.dump(1) + "\n");
  write_patch(directory);
  journal.append("start", {{"run", text(request.id)}, {"experiment", request.spec.name}});
  begin_trace(directory, request.id);

  const auto task = make_task(options, request, device, inputs);
  if (device.is_cpu()) check_convolutions(task->module());
  environment["inputs"] = inputs;
  environment["dataset"] =
      describe_dataset(request.spec.dataset, options.data_dirs, request.inputs);
  write_file_atomically(directory.environment_file(), environment.dump(1) + "\n");
  PipeProgress progress;
  const TrainResult result = train(*task, request.spec.recipe,
                                   {.device = device,
                                    .directory = directory,
                                    .journal = journal,
                                    .progress = progress,
                                    .stop = stop,
                                    .until_step = options.until_step});
  if (!result.finished) return exit_code(ErrorKind::kStopped);
  write_result(directory, request, *task, result, environment, first_start(directory));
  journal.append("finish", {{"metrics", result.metrics},
                            {"record_sha256", sha256_file(directory.record_file())},
                            {"trace_sha256", sha256_file(directory.trace_file())}});
  remove_checkpoints(directory.checkpoint_file());
  return 0;
}

}  // namespace

int execute(const ExecuteOptions& options, const std::atomic<bool>& stop) {
  RunDirectory directory(options.directory);
  remove_temporaries(directory.path());
  JournalWriter journal(directory.journal_file());
  return report_failures(options.directory, journal,
                         [&] { return run_to_record(options, directory, journal, stop); });
}

}  // namespace mra
