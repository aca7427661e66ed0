#include "harness/worker/worker_cli.h"

#include <atomic>
#include <csignal>
#include <functional>
#include <iostream>
#include <iterator>
#include <memory>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <CLI/CLI.hpp>

#include "harness/base/disk.h"
#include "harness/base/file.h"
#include "harness/model/convolution_check.h"
#include "harness/train/device.h"
#include "harness/worker/augment_command.h"
#include "harness/worker/check_options.h"
#include "harness/worker/end_after_parent.h"
#include "harness/worker/environment.h"
#include "harness/worker/execute.h"
#include "harness/worker/judge_run.h"
#include "harness/worker/masks_command.h"
#include "harness/worker/probe_command.h"
#include "harness/worker/time_commands.h"

namespace mra {

namespace {

std::atomic<bool> stop_asked{false};  // all that the signal handler changes

void ask_to_stop(int) {
  stop_asked = true;
}

/// The options of commands that work in a run directory.
struct RunOptions {
  ExecuteOptions options;
  std::vector<std::string> inputs;  ///< "KEY=PATH" of --input

  ExecuteOptions whole() const {
    ExecuteOptions all = options;
    for (const std::string& input : inputs) {
      const size_t equals = input.find('=');
      check(equals != std::string::npos && equals > 0, ErrorKind::kUsage, "--input",
            fmt::format("'{}' is not KEY=PATH", input), "give the key of a run and its weights");
      all.inputs[input.substr(0, equals)] = input.substr(equals + 1);
    }
    return all;
  }
};

int doctor() {
  const torch::Device device = select_device("auto");
  Json report = describe_environment(device, 0);
  report["cuda_devices"] = cuda_device_count();
  return print_report(report);
}

std::shared_ptr<RunOptions> add_run_options(CLI::App& command) {
  const auto request = std::make_shared<RunOptions>();
  ExecuteOptions& options = request->options;
  command.add_option("directory", options.directory, "run directory with its spec.json")
      ->required()
      ->check(CLI::ExistingDirectory);
  command.add_option("--device", options.device, "auto, cpu, cuda or cuda:N");
  command.add_option("--threads", options.threads, "threads of tensor operations; 0: one per core")
      ->check(CLI::Range(0, 1024));
  command.add_option("--loader-threads", options.loader_threads, "threads that read pictures")
      ->check(CLI::Range(0, 256));
  command.add_option("--determinism", options.determinism, "strict or fast")
      ->check(CLI::IsMember({"strict", "fast"}));
  command.add_option("--data-dir", options.data_dirs, "folder with data sets; repeatable");
  command.add_option("--input", request->inputs, "KEY=PATH of a needed run's weights");
  return request;
}

void add_augment_options(CLI::App& command, AugmentRequest& request) {
  command.add_option("method", request.method, "name of the method in specs")->required();
  command.add_option("images", request.images, "picture files")->required();
  command.add_option("-o,--output", request.output, "PNG file")->required();
  command.add_option("--options", request.options, "options of the method, as JSON");
  command.add_option("--weights", request.weights, "weights of the augmentor");
  command.add_option("--size", request.size_px, "picture size; 0: the usual one")
      ->check(CLI::Range(0, 4096));
  command.add_option("--draws", request.draws, "draws per picture")->check(CLI::Range(1, 100));
  command.add_option("--seed", request.seed, "seed of the draws")->check(CLI::NonNegativeNumber);
}

void add_masks_options(CLI::App& command, MasksRequest& request) {
  command.add_option("images", request.images, "picture files")->required();
  command.add_option("-o,--output", request.output, "PNG file")->required();
  command.add_option("--augmentor", request.augmentor, "weights of a pretraining run")->required();
  command.add_option("--classifier", request.classifier, "weights of a classifier")->required();
  command.add_option("--seed", request.seed, "seed of random masks")->check(CLI::NonNegativeNumber);
}

void add_execute(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand("execute", "train and judge the run in a directory");
  const auto request = add_run_options(*command);
  command
      ->add_option("--until-step", request->options.until_step,
                   "stop, resumable, after this many steps in all; 0: at the end")
      ->check(CLI::NonNegativeNumber);
  command->callback(
      [request, &work] { work = [request] { return execute(request->whole(), stop_asked); }; });
}

void add_probe(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand("probe", "time the first steps of a run, as JSON");
  const auto request = add_run_options(*command);
  const auto steps = std::make_shared<ProbeOptions>();
  const auto save = std::make_shared<std::string>();
  command->add_option("--steps", steps->steps, "number of steps")->check(CLI::PositiveNumber);
  command->add_option("--warmup-steps", steps->warmup_steps, "first steps, which are not timed")
      ->check(CLI::NonNegativeNumber);
  command->add_option("--save", *save, "safetensors file for initial weights and batches");
  command->callback(
      [=, &work] { work = [=] { return probe_run(request->whole(), *steps, *save); }; });
}

void add_judge(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand("judge", "judge the trained model in a run directory");
  const auto request = add_run_options(*command);
  const auto judges = std::make_shared<std::vector<std::string>>();
  command->add_option("--judge", *judges, "{\"name\": {options}} of an evaluator")->required();
  command->callback(
      [=, &work] { work = [=] { return judge_run(request->whole(), *judges, stop_asked); }; });
}

void add_augment(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand("augment", "draw the results of a method on pictures");
  const auto request = std::make_shared<AugmentRequest>();
  add_augment_options(*command, *request);
  command->callback([=, &work] { work = [=] { return augment_pictures(*request); }; });
}

void add_masks(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand("masks", "draw what masking strategies hide");
  const auto request = std::make_shared<MasksRequest>();
  add_masks_options(*command, *request);
  command->callback([=, &work] { work = [=] { return draw_masks(*request); }; });
}

int try_convolutions() {
  set_threads(1);
  Json wrong = Json::array();
  for (const ConvolutionShape& shape : wrong_convolutions()) wrong.push_back(text(shape));
  return print_report({{"tried", tried_convolutions()}, {"wrong", wrong}});
}

int check_options(const std::vector<std::filesystem::path>& data_dirs) {
  const std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  return print_report(wrong_options(Json::parse(text), data_dirs));
}

void add_check(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand(
      "check", "check the options of the specs on stdin, [{\"name\", \"spec\"}], as JSON");
  const auto data_dirs = std::make_shared<std::vector<std::filesystem::path>>();
  command->add_option("--data-dir", *data_dirs, "folder with published weights");
  command->callback([=, &work] { work = [=] { return check_options(*data_dirs); }; });
}

void add_options(CLI::App& app, Work& work) {
  app.add_subcommand("options", "options of all methods, models and evaluators, as JSON Schema")
      ->callback([&work] { work = [] { return print_report(option_schemas()); }; });
}

void add_convolutions(CLI::App& app, Work& work) {
  app.add_subcommand("convolutions", "convolutions that the tensor library computes wrong, as JSON")
      ->callback([&work] { work = try_convolutions; });
}

void add_doctor(CLI::App& app, Work& work) {
  app.add_subcommand("doctor", "describe program and machine, as JSON")->callback([&work] {
    work = doctor;
  });
}

int run_parsed(int argc, char** argv) {
  CLI::App app("Executes one run of harness in its run directory; `harness run` starts it.",
               "harness-worker");
  app.require_subcommand(1);
  Work work;
  for (const auto add : {add_execute, add_probe, add_judge, add_augment, add_masks,
                         add_time_commands, add_check, add_options, add_convolutions, add_doctor})
    add(app, work);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_code(ErrorKind::kUsage);
  }
  return work();
}

}  // namespace

int run_worker(int argc, char** argv) {
  end_after_parent(std::chrono::seconds(30));
  write_for_owner_alone();
  std::signal(SIGTERM, ask_to_stop);
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGPIPE, SIG_IGN);  // the run goes on when its reader has gone
  std::signal(SIGXFSZ, SIG_IGN);  // a file that grows too large then is a write error
  spdlog::set_default_logger(spdlog::stderr_logger_mt("harness-worker"));
  try {
    return run_parsed(argc, argv);
  } catch (const Error& error) {
    spdlog::error("{}", error.what());
    return exit_code(error.kind);
  } catch (const std::filesystem::filesystem_error& error) {
    spdlog::error("{}", io_error(error).what());
    return exit_code(ErrorKind::kEnvironment);
  } catch (const std::exception& error) {
    spdlog::error("{}", error.what());
    return exit_code(ErrorKind::kFailure);
  }
}

}  // namespace mra
