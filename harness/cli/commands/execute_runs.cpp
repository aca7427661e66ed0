#include "harness/cli/commands/execute_runs.h"

#include <regex>

#include <fmt/format.h>

#include "harness/base/system_facts.h"
#include "harness/cli/console_progress.h"
#include "harness/cli/stop_signals.h"
#include "harness/run/device_pool.h"
#include "harness/run/worker_job.h"
#include "harness/run/worker_process.h"

namespace mra {

void add_execute_options(CLI::App& command, ExecuteOptions& options) {
  command.add_option("--device", options.device, "auto, cpu, cuda (every GPU), cuda:N or cuda:N,M")
      ->capture_default_str();
  command
      .add_option("--jobs", options.jobs,
                  "Runs at a time; default: as many as the cores or GPUs have room for; does not\n"
                  "change a result at smoke and mini")
      ->check(CLI::Range(1, 256));
  command
      .add_option("--loader-threads", options.loader_threads,
                  "Threads of a run that read pictures; does not change a result; default: 1, and\n"
                  "on a GPU host all cores but two, shared among the runs at a time")
      ->check(CLI::Range(0, 256));
  command
      .add_option("--determinism", options.determinism,
                  "strict: a run gives the same bits each time; fast: on a GPU perhaps not")
      ->check(CLI::IsMember({"strict", "fast"}))
      ->capture_default_str();
  command.add_option("--time-limit", options.time_limit, "Stop, resumable, after 90s, 30m, 2h, …");
}

LaunchOptions launch_options(const Context& context, const ExecuteOptions& asked) {
  static const std::regex kDevice("auto|cpu|cuda(:[0-9]{1,3}(,[0-9]{1,3})*)?");
  check(std::regex_match(asked.device, kDevice), ErrorKind::kUsage, "--device",
        fmt::format("unknown device '{}'", asked.device),
        "known: auto, cpu, cuda, cuda:0, cuda:0,2, …");
  LaunchOptions options = context.launch_options();
  options.device = asked.device;
  options.jobs = asked.jobs;
  options.loader_threads = asked.loader_threads;
  options.determinism = asked.determinism;
  if (!asked.time_limit.empty())
    options.time_limit_s = parse_duration_s(asked.time_limit, "--time-limit");
  return options;
}

/// An Error when a GPU is asked for and LibTorch finds none: every run would fail.
static void check_gpu(const std::string& device) {
  if (!device.starts_with("cuda")) return;
  const auto worker = worker_report();
  check(!worker || worker->value("cuda_devices", int64_t(0)) > 0, ErrorKind::kEnvironment,
        "--device " + device, "no GPU can be used here",
        "harness doctor says why; --device cpu runs on the processor");
}

LaunchResult execute_runs(const Context& context, const std::vector<PlannedRun>& runs,
                          LaunchOptions options) {
  if (runs.empty()) return {};
  check_gpu(options.device);
  ResultStore store(ResultStore::path_of(context.workspace));
  if (options.jobs == 0)
    options.jobs = fitting_jobs(runs, options.device, visible_gpus(), usable_cores());
  if (options.loader_threads < 0)
    options.loader_threads =
        fitting_loader_threads(options.device, visible_gpus(), usable_cores(), options.jobs);
  options.worker = find_worker();
  options.present_inputs = [&context] { return context.inputs(); };
  tell_workers(context.arguments);
  using Detail = ConsoleProgress::Detail;
  const Detail detail = context.quiet     ? Detail::kQuiet
                        : context.verbose ? Detail::kVerbose
                                          : Detail::kNormal;
  const StopSignals signals;
  ConsoleProgress progress(
      context.workspace, [] { return terminal_width(2); }, context.color_on(2), detail);
  return launch(runs, store, options, signals.count(), progress);
}

}  // namespace mra
