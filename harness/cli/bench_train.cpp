#include "harness/cli/bench_train.h"

#include <set>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/system_facts.h"
#include "harness/base/tell.h"
#include "harness/cli/output.h"
#include "harness/cli/scratch_folder.h"
#include "harness/run/launch.h"
#include "harness/run/plan.h"
#include "harness/run/worker_job.h"
#include "harness/run/worker_process.h"
#include "harness/store/result_store.h"
#include "harness/store/work.h"

namespace mra {

namespace {

/// The experiments of the tables and what they start from, each once, those to start from first.
std::vector<ExperimentSpec> experiments_of(const Context& context, const Selection& selection) {
  const SpecLibrary library = context.library();
  std::vector<ExperimentSpec> found;
  std::set<std::string> keys;
  const auto add = [&](const ExperimentSpec& experiment) {
    if (keys.insert(experiment.key).second) found.push_back(experiment);
  };
  for (const TableSpec& table : named_tables(context, selection, /*may_lack_ids=*/false)) {
    for (const TableRow& row : table.rows) {
      for (const ExperimentSpec& experiment : row.experiments) {
        for (const Dependency& needed : experiment.dependencies)
          add(library.experiment(needed.experiment, experiment.scale));
        add(experiment);
      }
    }
  }
  return found;
}

/// Why an experiment cannot be measured now; "" if it can.
std::string obstacle(const Context& context, const ResultStore& store,
                     const ExperimentSpec& experiment) {
  if (const auto error = context.data_error(experiment)) return one_line(*error);
  for (const Dependency& needed : experiment.dependencies)
    if (!store.has({needed.key, needed.seed}))
      return fmt::format("starts from {}, which has not run", needed.experiment);
  return "";
}

Json measure(const Context& context, const TrainBench& bench, const ResultStore& store,
             const ExperimentSpec& experiment) {
  const ScratchFolder scratch;
  const RunDirectory directory(scratch.path());
  PlannedRun run;
  run.id = {experiment.key, experiment.seeds.front()};
  run.experiment = experiment;
  for (const Dependency& needed : experiment.dependencies)
    run.depends_on.push_back({needed.key, needed.seed});
  write_spec(directory, run);
  LaunchOptions options = context.launch_options();
  options.worker = find_worker();
  options.device = bench.device;
  options.loader_threads = bench.loader_threads;
  auto arguments = worker_arguments(directory, run, store, options, options.device);
  arguments.erase(arguments.begin());  // the program itself
  arguments.front() = "probe";
  arguments.insert(arguments.end(), {"--steps", std::to_string(bench.steps), "--warmup-steps",
                                     std::to_string(bench.warmup_steps)});
  if (!bench.save.empty()) arguments.insert(arguments.end(), {"--save", bench.save.string()});
  auto report = json_of_program(options.worker, arguments, /*show_errors=*/true);
  check(report.has_value(), ErrorKind::kFailure, experiment.name, "could not be measured",
        "the reason stands above");
  (*report)["experiment"] = experiment.name;
  (*report)["key"] = experiment.key;
  return *report;
}

/// The measured rate as plans use it. `report`: of the worker's probe.
Rate rate_in(const Json& report, const ExperimentSpec& experiment, const TrainBench& bench) {
  Json environment = report;
  environment["machine"] = {{"cpu", processor_name()}, {"cores", processor_count()}};
  Rate rate = rate_at(environment);
  rate.work = work_of(experiment);
  rate.images_per_s = report.at("images_per_s").get<double>();
  rate.basis = fmt::format("in {} training steps of {}", bench.steps, experiment.name);
  rate.measured_utc = utc_now();
  return rate;
}

}  // namespace

int bench_train(const Context& context, const TrainBench& bench) {
  const auto experiments = experiments_of(context, bench.selection);
  ResultStore store(ResultStore::path_of(context.workspace));
  Json rates = Json::array(), left_out = Json::array();
  for (const ExperimentSpec& experiment : experiments) {
    const std::string reason = obstacle(context, store, experiment);
    if (!reason.empty()) {
      left_out.push_back({{"experiment", experiment.name}, {"reason", reason}});
      continue;
    }
    rates.push_back(measure(context, bench, store, experiment));
    store.put_rate(rate_in(rates.back(), experiment, bench));
  }
  check(!rates.empty() || left_out.empty(), ErrorKind::kEnvironment,
        left_out.empty() ? "" : left_out[0]["experiment"].get<std::string>(),
        left_out.empty() ? "" : left_out[0]["reason"].get<std::string>(),
        "harness data list shows what is expected where");
  if (context.json) {
    print_json({{"rates", rates}, {"left_out", left_out}});
    return 0;
  }
  TextTable text{{"experiment", "images/s", "device", "threads"}, {}};
  for (const Json& rate : rates)
    text.rows.push_back({rate["experiment"].get<std::string>(),
                         fmt::format("{:.0f}", rate["images_per_s"].get<double>()),
                         rate["device"]["kind"].get<std::string>(), rate["threads"].dump()});
  print(text.render(context.color_on(1), terminal_width(1)));
  for (const Json& entry : left_out)
    tell("{} is left out: {}\n", entry["experiment"].get<std::string>(),
         entry["reason"].get<std::string>());
  return 0;
}

}  // namespace mra
