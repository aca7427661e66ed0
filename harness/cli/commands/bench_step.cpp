#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "harness/base/tell.h"
#include "harness/cli/commands/bench.h"
#include "harness/run/worker_process.h"

namespace mra {

namespace {

/// What `harness bench step` measures.
struct StepBench {
  Selection selection;
  int64_t batch_size = 0;  ///< 0: that of the recipe
  int64_t windows = 5, window_steps = 10;
  std::string device = "auto";
  std::string determinism = "strict";
};

/// A kind of training step: networks, sizes and precision of experiments.
struct StepKind {
  std::string work;            ///< of the worker's step-times: classify, mra or pretrain
  Json classifier, augmentor;  ///< null: none
  int64_t size_px = 0, batch_size = 0, micro_batch = 0;
  std::string precision;

  auto operator<=>(const StepKind&) const = default;
};

/// The augmentor that the run starts from; null when there is none.
Json augmentor_of(const SpecLibrary& library, const ExperimentSpec& experiment) {
  for (const Dependency& needed : experiment.dependencies) {
    const ExperimentSpec other = library.experiment(needed.experiment, experiment.scale);
    if (other.task == "mae_pretrain") return other.model;
  }
  return nullptr;
}

bool uses_mra(const ExperimentSpec& experiment) {
  const auto& all = experiment.batch_transforms;
  return std::any_of(all.begin(), all.end(), [](const auto& one) { return one.name == "mra"; });
}

/// Nothing for a task whose steps the worker does not know without its pictures.
std::optional<StepKind> kind_of(const SpecLibrary& library, const ExperimentSpec& experiment,
                                const StepBench& bench) {
  const Recipe& recipe = experiment.recipe;
  StepKind kind{.work = "classify",
                .classifier = experiment.model,
                .augmentor = nullptr,
                .size_px = experiment.input.at("size_px").get<int64_t>(),
                .batch_size = bench.batch_size > 0 ? bench.batch_size : recipe.batch_size,
                .micro_batch = recipe.micro_batch,
                .precision = recipe.precision};
  if (experiment.task == "mae_pretrain") {
    kind.work = "pretrain";
    std::swap(kind.classifier, kind.augmentor);
    return kind;
  }
  if (experiment.task != "supervised") return std::nullopt;
  if (uses_mra(experiment)) kind.augmentor = augmentor_of(library, experiment);
  if (!kind.augmentor.is_null()) kind.work = "mra";
  return kind;
}

Json measured(const StepKind& kind, const StepBench& bench) {
  Json report = ask_worker({"step-times",
                            "--work",
                            kind.work,
                            "--model",
                            kind.classifier.dump(),
                            "--augmentor",
                            kind.augmentor.dump(),
                            "--size",
                            std::to_string(kind.size_px),
                            "--batch",
                            std::to_string(kind.batch_size),
                            "--micro-batch",
                            std::to_string(kind.micro_batch),
                            "--precision",
                            kind.precision,
                            "--determinism",
                            bench.determinism,
                            "--device",
                            bench.device,
                            "--windows",
                            std::to_string(bench.windows),
                            "--window-steps",
                            std::to_string(bench.window_steps)});
  auto windows = report.at("images_per_s").get<std::vector<double>>();
  std::sort(windows.begin(), windows.end());
  report.update({{"step", kind.work},
                 {"batch", kind.batch_size},
                 {"precision", kind.precision},
                 {"determinism", bench.determinism},
                 {"median_images_per_s", windows[windows.size() / 2]}});
  return report;
}

/// Does training steps on random pictures, each kind of step once, and prints pictures per second:
/// the median of the windows.
int bench_step(const Context& context, const StepBench& bench) {
  const SpecLibrary library = context.library();
  std::set<StepKind> done;
  Json rates = Json::array(), left_out = Json::array();
  TextTable text{{"experiment", "step", "batch", "precision", "images/s", "memory"}, {}};
  for (const ExperimentSpec& experiment : experiments_of(context, bench.selection)) {
    const auto kind = kind_of(library, experiment, bench);
    if (!kind) left_out.push_back(experiment.name);
    if (!kind || !done.insert(*kind).second) continue;
    Json rate = measured(*kind, bench);
    rate["experiment"] = experiment.name;
    const Json& memory_bytes = rate["peak_memory_bytes"];  // 0 where the device does not count it
    text.rows.push_back({experiment.name, kind->work, std::to_string(kind->batch_size),
                         kind->precision,
                         fmt::format("{:.4g}", rate["median_images_per_s"].get<double>()),
                         memory_bytes == 0 ? "" : short_size(memory_bytes)});
    rates.push_back(std::move(rate));
  }
  context.answer({{"rates", rates}, {"left_out", left_out}}, context.shown(text));
  for (const Json& name : left_out)
    tell("{} is left out: steps of its task need its pictures; see harness bench train\n",
         plain_text(name));
  return 0;
}

}  // namespace

void add_step_bench(CLI::App& bench, Context& context) {
  CLI::App* command = add_command(
      bench, "step",
      "Training steps on random pictures, without a data set; of augmentations only MRA",
      "  harness bench step table6 --scale paper --device cuda\n"
      "  harness bench step table6 --scale paper --only Baseline --batch 8\n"
      "  harness bench step table6 --scale paper --determinism fast    its gain over strict");
  const auto options = set_work(*command, context, bench_step);
  add_selection(*command, options->selection, /*with_seeds=*/false);
  command->add_option("--batch", options->batch_size, "Pictures of a step; default: of the recipe")
      ->check(CLI::Range(1, 1 << 20));
  command->add_option("--windows", options->windows, "Number of times taken; shown is the median")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--window-steps", options->window_steps, "Steps of each time taken")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command->add_option("--device", options->device, "auto, cpu, cuda or cuda:N")
      ->capture_default_str();
  command->add_option("--determinism", options->determinism, "strict or fast, as of harness run")
      ->check(CLI::IsMember({"strict", "fast"}))
      ->capture_default_str();
}

}  // namespace mra
