#include "harness/worker/time_commands.h"

#include <memory>
#include <string>

#include <fmt/format.h>

#include "harness/worker/augment_times.h"
#include "harness/worker/few_shot_times.h"
#include "harness/worker/mae_times.h"
#include "harness/worker/step_times.h"

namespace mra {

int print_report(const Json& report) {
  fmt::print("{}\n", report.dump(2));
  return 0;
}

static void add_augment_times(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand("augment-times", "time augmentations, as JSON");
  const auto size_px = std::make_shared<int>(224);
  command->add_option("--size", *size_px, "picture size")->check(CLI::Range(8, 4096));
  command->callback([=, &work] { work = [=] { return print_report(augment_times(*size_px)); }; });
}

static void add_few_shot_times(CLI::App& app, Work& work) {
  CLI::App* command =
      app.add_subcommand("few-shot-times", "time episodes of few-shot methods, as JSON");
  const auto request = std::make_shared<FewShotTimesRequest>();
  const auto model = std::make_shared<std::string>();
  command->add_option("--model", *model, "of MAML's network, as JSON")->required();
  command->add_option("--episodes", request->episodes, "episodes of Baseline")
      ->check(CLI::PositiveNumber);
  command->add_option("--shots", request->shots, "examples per class")->check(CLI::PositiveNumber);
  command->add_option("--size", request->size_px, "size of MAML's pictures")
      ->check(CLI::Range(8, 4096));
  command->add_option("--second-order", request->second_order, "second-order gradients in MAML");
  command->add_option("--save", request->save, "safetensors file for inputs and results");
  command->callback([=, &work] {
    work = [=] {
      request->model = Json::parse(*model);
      return print_report(few_shot_times(*request));
    };
  });
}

static void add_mae_times(CLI::App& app, Work& work) {
  CLI::App* command = app.add_subcommand("mae-times", "time MRA and its pretraining, as JSON");
  const auto request = std::make_shared<MaeTimesRequest>();
  const auto model = std::make_shared<std::string>();
  command->add_option("--model", *model, "model of the augmentor, as JSON")->required();
  command->add_option("--hidden-frac", request->hidden_frac, "hidden fraction of the patches");
  command->add_option("--batch", request->batch_size, "pictures")->check(CLI::PositiveNumber);
  command->add_option("--threads", request->threads, "threads; 0: one per core");
  command->add_option("--save", request->save, "safetensors file for weights and results");
  command->callback([=, &work] {
    work = [=] {
      request->model = Json::parse(*model);
      return print_report(mae_times(*request));
    };
  });
}

static void add_step_times(CLI::App& app, Work& work) {
  CLI::App* command =
      app.add_subcommand("step-times", "time training steps on random pictures, as JSON");
  const auto request = std::make_shared<StepTimesRequest>();
  const auto model = std::make_shared<std::string>("null");
  const auto augmentor = std::make_shared<std::string>("null");
  command->add_option("--work", request->work, "work of a step")
      ->check(CLI::IsMember({"classify", "mra", "pretrain"}));
  command->add_option("--model", *model, "model of the classifier, as JSON");
  command->add_option("--augmentor", *augmentor, "model of the augmentor, as JSON");
  command->add_option("--size", request->size_px, "picture size")->check(CLI::Range(8, 4096));
  command->add_option("--batch", request->batch_size, "pictures")->check(CLI::PositiveNumber);
  command->add_option("--micro-batch", request->micro_batch, "pictures at a time in pretraining");
  command->add_option("--precision", request->precision, "precision of the step")
      ->check(CLI::IsMember({"fp32", "tf32", "bf16"}));
  command->add_option("--determinism", request->determinism, "strict or fast")
      ->check(CLI::IsMember({"strict", "fast"}));
  command->add_option("--device", request->device, "auto, cpu, cuda or cuda:N");
  command->add_option("--windows", request->windows, "windows to time")->check(CLI::PositiveNumber);
  command->add_option("--window-steps", request->window_steps, "steps per window")
      ->check(CLI::PositiveNumber);
  command->add_option("--save", request->save, "safetensors file for the initial weights");
  command->callback([=, &work] {
    work = [=] {
      request->model = Json::parse(*model);
      request->augmentor = Json::parse(*augmentor);
      return print_report(step_times(*request));
    };
  });
}

void add_time_commands(CLI::App& app, Work& work) {
  for (const auto add : {add_augment_times, add_few_shot_times, add_mae_times, add_step_times})
    add(app, work);
}

}  // namespace mra
