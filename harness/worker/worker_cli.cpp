#include "harness/worker/worker_cli.h"

#include <atomic>
#include <csignal>

#include <malloc.h>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>

#include "harness/base/error.h"
#include "harness/train/device.h"
#include "harness/worker/augment_command.h"
#include "harness/worker/augment_times.h"
#include "harness/worker/environment.h"
#include "harness/worker/execute.h"
#include "harness/worker/judge_run.h"
#include "harness/worker/mae_times.h"
#include "harness/worker/masks_command.h"
#include "harness/worker/probe_command.h"

namespace mra {

namespace {

std::atomic<bool> stop_asked{false};  // the one thing a signal handler may touch

void ask_to_stop(int) {
  stop_asked = true;
}

/// "KEY=PATH" of --input.
void add_input(ExecuteOptions& options, const std::string& text) {
  const size_t equals = text.find('=');
  check(equals != std::string::npos && equals > 0, ErrorKind::kUsage, "--input",
        fmt::format("'{}' is not KEY=PATH", text), "give the key of a run and its weights");
  options.inputs[text.substr(0, equals)] = text.substr(equals + 1);
}

int print_report(const Json& report) {
  fmt::print("{}\n", report.dump(2));
  return 0;
}

int doctor() {
  const torch::Device device = select_device("auto");
  Json report = describe_environment(device, 0);
  report["cuda_devices"] = cuda_device_count();
  return print_report(report);
}

void add_run_options(CLI::App& command, ExecuteOptions& options, std::vector<std::string>& inputs) {
  command.add_option("directory", options.directory, "run directory with its spec.json")
      ->required()
      ->check(CLI::ExistingDirectory);
  command.add_option("--device", options.device, "auto, cpu, cuda or cuda:N");
  command.add_option("--threads", options.threads, "of tensor operations; 0: one a core")
      ->check(CLI::Range(0, 1024));
  command.add_option("--loader-threads", options.loader_threads, "that read pictures")
      ->check(CLI::Range(0, 256));
  command.add_option("--data-dir", options.data_dirs, "where data sets may lie");
  command.add_option("--input", inputs, "KEY=PATH of a needed run's weights");
}

void add_augment_options(CLI::App& command, AugmentRequest& request) {
  command.add_option("method", request.method, "as specs name it")->required();
  command.add_option("images", request.images, "picture files")->required();
  command.add_option("-o,--output", request.output, "PNG file")->required();
  command.add_option("--options", request.options, "of the method, as JSON");
  command.add_option("--weights", request.weights, "of the augmentor");
  command.add_option("--size", request.size_px, "of the pictures; 0: the usual one")
      ->check(CLI::Range(0, 4096));
  command.add_option("--draws", request.draws, "of each picture")->check(CLI::Range(1, 100));
  command.add_option("--seed", request.seed, "of the draws")->check(CLI::NonNegativeNumber);
}

void add_masks_options(CLI::App& command, MasksRequest& request) {
  command.add_option("images", request.images, "picture files")->required();
  command.add_option("-o,--output", request.output, "PNG file")->required();
  command.add_option("--augmentor", request.augmentor, "weights of a pretraining")->required();
  command.add_option("--classifier", request.classifier, "weights of a classifier")->required();
  command.add_option("--seed", request.seed, "of random masks")->check(CLI::NonNegativeNumber);
}

int run_parsed(int argc, char** argv) {
  CLI::App app("Executes one run of harness in its run directory; `harness run` starts it.",
               "harness-worker");
  app.require_subcommand(1);
  ExecuteOptions options;
  std::vector<std::string> inputs;
  auto* execute_command = app.add_subcommand("execute", "train and judge the run of a directory");
  add_run_options(*execute_command, options, inputs);
  auto* probe_command = app.add_subcommand("probe", "time the first steps of a run, as JSON");
  add_run_options(*probe_command, options, inputs);
  ProbeOptions steps;
  std::string save;
  probe_command->add_option("--steps", steps.steps, "to be done")->check(CLI::PositiveNumber);
  probe_command->add_option("--warmup-steps", steps.warmup_steps, "the first, not timed")
      ->check(CLI::NonNegativeNumber);
  probe_command->add_option("--save", save, "safetensors file for initial weights and batches");
  AugmentRequest augment;
  auto* augment_command = app.add_subcommand("augment", "draw what a method makes of pictures");
  add_augment_options(*augment_command, augment);
  auto* judge_command =
      app.add_subcommand("judge", "judge the trained model of a run directory again");
  add_run_options(*judge_command, options, inputs);
  std::vector<std::string> judges;
  judge_command->add_option("--judge", judges, "{\"name\": {options}} of an evaluator")->required();
  MasksRequest masks;
  auto* masks_command = app.add_subcommand("masks", "draw what masking strategies hide");
  add_masks_options(*masks_command, masks);
  int timed_size_px = 224;
  auto* times_command = app.add_subcommand("augment-times", "time augmentations, as JSON");
  times_command->add_option("--size", timed_size_px, "of the pictures")->check(CLI::Range(8, 4096));
  MaeTimesRequest mae;
  std::string mae_model;
  auto* mae_command = app.add_subcommand("mae-times", "time MRA and its pretraining, as JSON");
  mae_command->add_option("--model", mae_model, "of the augmentor, as JSON")->required();
  mae_command->add_option("--hidden-frac", mae.hidden_frac, "of the patches");
  mae_command->add_option("--batch", mae.batch_size, "pictures")->check(CLI::PositiveNumber);
  mae_command->add_option("--threads", mae.threads, "0: one a core");
  mae_command->add_option("--save", mae.save, "safetensors file for weights and results");
  auto* doctor_command = app.add_subcommand("doctor", "what this program finds here, as JSON");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_code(ErrorKind::kUsage);
  }
  if (doctor_command->parsed()) return doctor();
  if (augment_command->parsed()) return augment_pictures(augment);
  if (masks_command->parsed()) return draw_masks(masks);
  if (times_command->parsed()) return print_report(augment_times(timed_size_px));
  if (mae_command->parsed()) {
    mae.model = Json::parse(mae_model);
    return print_report(mae_times(mae));
  }
  for (const std::string& input : inputs) add_input(options, input);
  if (judge_command->parsed()) return judge_run(options, judges, stop_asked);
  if (probe_command->parsed()) return probe_run(options, steps, save);
  return execute(options, stop_asked);
}

}  // namespace

/// A step frees and asks again for the same megabytes: keep them rather than hand them back to the
/// kernel, which would clear every page anew (measured: 20 to 40 % more pictures a second).
static void keep_freed_memory() {
  constexpr int kMiB = 1 << 20;
  mallopt(M_MMAP_THRESHOLD, 32 * kMiB);  // the most that glibc takes
  mallopt(M_TRIM_THRESHOLD, 1024 * kMiB);
  mallopt(M_TOP_PAD, 64 * kMiB);
}

int run_worker(int argc, char** argv) {
  keep_freed_memory();
  std::signal(SIGTERM, ask_to_stop);
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGPIPE, SIG_IGN);  // whoever watches may go away; the run goes on
  spdlog::set_default_logger(spdlog::stderr_logger_mt("harness-worker"));
  try {
    return run_parsed(argc, argv);
  } catch (const Error& error) {
    spdlog::error("{}", error.what());
    return exit_code(error.kind);
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
    return exit_code(ErrorKind::kFailure);
  }
}

}  // namespace mra
