#include <set>

#include <fmt/format.h>

#include "harness/base/file.h"
#include "harness/base/system_facts.h"
#include "harness/base/tell.h"
#include "harness/base/wait_text.h"
#include "harness/cli/commands/bench.h"
#include "harness/run/device_pool.h"
#include "harness/run/short_training.h"
#include "harness/run/worker_job.h"
#include "harness/run/worker_process.h"
#include "harness/store/work.h"

namespace mra {

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

namespace {

/// One line for each thing that can be measured.
int list_benches(const Context& context, const CLI::App& bench) {
  Json names = Json::array();
  TextTable text{{"name", "measures"}, {}};
  for (const CLI::App* one : bench.get_subcommands({})) {
    names.push_back(one->get_name());
    text.rows.push_back({one->get_name(), one->get_description()});
  }
  context.answer({{"benches", names}}, context.shown(text));
  return 0;
}

/// What `harness bench train` measures.
struct TrainBench {
  Selection selection;
  int64_t steps = 60;
  int64_t warmup_steps = 12;  ///< of them, not timed
  std::string device = "auto";
  int threads = 0;          ///< of tensor operations; 0: those of the recipe
  int loader_threads = -1;  ///< -1: fitting_loader_threads()
  std::string save;         ///< safetensors file of initial weights and batches; usually empty
};

Json measure(const Context& context, const TrainBench& bench, const ResultStore& store,
             const ExperimentSpec& experiment) {
  LaunchOptions options = context.launch_options();
  options.device = bench.device;
  options.threads = bench.threads;
  options.loader_threads =
      bench.loader_threads >= 0
          ? bench.loader_threads
          : fitting_loader_threads(bench.device, visible_gpus(), usable_cores(), /*jobs=*/1);
  std::vector<std::string> words = {"--steps", std::to_string(bench.steps), "--warmup-steps",
                                    std::to_string(bench.warmup_steps)};
  if (!bench.save.empty()) words.insert(words.end(), {"--save", bench.save});
  const ShortTraining training(training_of(experiment), store, options, *context.inputs());
  Json report = training.ask("probe", words);
  report["experiment"] = experiment.name;
  report["key"] = experiment.key;
  return report;
}

/// The measured rate as plans use it. `report`: of the worker's probe.
Rate rate_in(const Json& report, const ExperimentSpec& experiment, const TrainBench& bench) {
  Json environment = report;
  environment["machine"] = {{"cpu", processor_name()}, {"cores", processor_count()}};
  Rate rate = rate_at(environment);
  rate.work = work_of(experiment.resolved);
  rate.images_per_s = report.at("images_per_s").get<double>();
  rate.basis = fmt::format("in {} training steps of {}", bench.steps, experiment.name) +
               wait_text(report.value("data_wait_frac", 0.0));
  rate.measured_utc = utc_now();
  return rate;
}

/// Does the first training steps of each run that the tables lack or hold, pretrainings included,
/// one of each kind of work, prints pictures per second, and keeps them for the estimates of plans.
int bench_train(const Context& context, const TrainBench& bench) {
  const auto experiments = experiments_of(context, bench.selection);
  check(bench.save.empty() || experiments.size() == 1, ErrorKind::kUsage, "--save",
        fmt::format("a file holds the batches of one run, but {} runs are chosen",
                    experiments.size()),
        "choose one with --only, or make columns equal with --set");
  ResultStore store(ResultStore::path_of(context.workspace));
  Json rates = Json::array(), left_out = Json::array();
  TextTable text{{"experiment", "images/s", "device", "threads", "waiting for pictures"}, {}};
  for (const ExperimentSpec& experiment : experiments) {
    const std::string reason = context.obstacle(experiment, store);
    if (!reason.empty()) {
      left_out.push_back({{"experiment", experiment.name}, {"reason", reason}});
      continue;
    }
    const Json rate = measure(context, bench, store, experiment);
    store.put_rate(rate_in(rate, experiment, bench));
    rates.push_back(rate);
    text.rows.push_back({experiment.name, fmt::format("{:.0f}", rate["images_per_s"].get<double>()),
                         plain_text(rate["device"]["kind"]), rate["threads"].dump(),
                         fmt::format("{:.0f} %", 100 * rate.value("data_wait_frac", 0.0))});
  }
  if (rates.empty() && !left_out.empty())
    fail(ErrorKind::kEnvironment, plain_text(left_out[0]["experiment"]),
         plain_text(left_out[0]["reason"]),
         "harness data list shows the folder that each data set is expected in");
  context.answer({{"rates", rates}, {"left_out", left_out}}, context.shown(text));
  for (const Json& entry : left_out)
    tell("{} is left out: {}\n", plain_text(entry["experiment"]), plain_text(entry["reason"]));
  return 0;
}

void add_train_bench(CLI::App& bench, Context& context) {
  CLI::App* command =
      add_command(bench, "train", "Pictures per second of the training steps of a table's runs",
                  "  harness bench train table6\n"
                  "  harness bench train table6 --scale mini --only Baseline --data-dir ~/photos");
  const auto options = set_work(*command, context, bench_train);
  add_selection(*command, options->selection, /*with_seeds=*/false);
  command->add_option("--steps", options->steps, "Number of training steps of each run")
      ->check(CLI::Range(1, 1'000'000))
      ->capture_default_str();
  command
      ->add_option("--warmup-steps", options->warmup_steps,
                   "Number of first steps that are not timed")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  command->add_option("--device", options->device, "auto, cpu, cuda or cuda:N")
      ->capture_default_str();
  command
      ->add_option("--threads", options->threads,
                   "Threads of tensor operations on the CPU; default: those of each recipe")
      ->check(CLI::Range(1, 256));
  command
      ->add_option("--loader-threads", options->loader_threads,
                   "Threads that read pictures; default: those of harness run")
      ->check(CLI::Range(0, 256));
  command->add_option("--save", options->save,
                      "safetensors file for the initial weights and all batches of one run");
}

int bench_augment(const Context& context, int size_px) {
  const Json times = ask_worker({"augment-times", "--size", std::to_string(size_px)});
  TextTable table{{"augmentation", "of", "time"}, {}};
  const auto add = [&](const Json& entry, const std::string& name, const std::string& of) {
    const bool batch = entry.contains("ms");
    table.rows.push_back({name, of,
                          batch ? fmt::format("{:.2f} ms", entry["ms"].get<double>())
                                : fmt::format("{:.0f} us", entry["us"].get<double>())});
  };
  const std::string picture = fmt::format("a picture of {} px", size_px);
  for (const Json& entry : times.at("operations"))
    add(entry, entry["op"].get<std::string>() + " " + entry.value("resample", ""), picture);
  for (const Json& entry : times.at("methods")) add(entry, entry["name"], picture);
  for (const Json& entry : times.at("batch_methods"))
    add(entry, entry["name"], "128 pictures of 64 px");
  context.answer(times, context.shown(table));
  return 0;
}

void add_augment_bench(CLI::App& bench, Context& context) {
  CLI::App* command = add_command(bench, "augment", "Time of augmentations on one core",
                                  "  harness bench augment\n"
                                  "  harness bench augment --size 64 --json");
  const auto size_px = set_work(*command, context, bench_augment);
  *size_px = 224;
  command->add_option("--size", *size_px, "Side of the pictures, in pixels")
      ->check(CLI::Range(8, 4096))
      ->capture_default_str();
}

}  // namespace

void add_bench_command(CLI::App& app, Context& context) {
  CLI::App* bench = add_command(app, "bench", "Rates on this machine",
                                "  harness bench               what can be measured\n"
                                "  harness bench train table6\n"
                                "  harness bench augment\n"
                                "  harness bench step table6 --scale paper\n"
                                "  harness bench loader imagenette96");
  bench->require_subcommand(0, 1);
  add_train_bench(*bench, context);
  add_augment_bench(*bench, context);
  add_step_bench(*bench, context);
  add_loader_bench(*bench, context);
  bench->callback([&context, bench] {
    if (bench->get_subcommands().empty())
      context.command = [&context, bench] { return list_benches(context, *bench); };
  });
}

}  // namespace mra
