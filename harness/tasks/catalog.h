#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "harness/base/registry.h"
#include "harness/data/image.h"
#include "harness/data/input.h"
#include "harness/spec/experiment.h"
#include "harness/tasks/few_shot_method.h"
#include "harness/tasks/semi_supervised.h"
#include "harness/train/batch.h"
#include "harness/train/task.h"

namespace mra {

/// What the factory of a method is given beside its options.
struct MethodContext {
  torch::Device device = torch::kCPU;
  InputOptions input;  ///< size and normalisation of the pictures the method sees
  std::string precision = "fp32";
  /// Path of the weights that a value "run:<key>" or "file:<name>" of the options stands for
  /// (weights_source.h); another value is a path already.
  std::function<std::filesystem::path(const std::string& value)> weights_of;
  /// To be told of every file that is read on behalf of the spec, as spec/inputs.h has it but
  /// without digest. Empty where nothing is recorded.
  std::function<void(const Json& input, const std::filesystem::path& path)> reads;
  /// Gradient of the loss on a batch with respect to its pictures, [N,3,H,W] f32, by the network as
  /// it stands, which it leaves unchanged. Empty where no labels are learnt; to be called only
  /// while a batch is transformed.
  std::function<torch::Tensor(const Batch& batch)> input_gradient;
};

struct Catalog;
struct JudgeContext;

/// What a judge found of a trained model.
struct Judged {
  Metrics metrics;                ///< names begin with the judge's: "occlusion/top1_error_32"
  Json details = Json::object();  ///< what is no single number
  std::optional<Image> picture;
};

/// What a task is made from: one resolved spec and where things are on this machine.
struct TaskContext {
  const ExperimentSpec& spec;
  const Catalog& catalog;
  int64_t seed = 0;
  std::vector<std::filesystem::path> data_dirs;
  int loader_threads = 0;
  MethodContext method;  ///< its `input` is filled in by the task
  /// Whether a task is only to read its options. A factory calls end_if_only_read() when it has.
  bool only_read = false;

  void end_if_only_read() const {
    if (only_read) throw OptionsRead();
  }
};

/// What judges a trained model after its training is given beside its options.
struct JudgeContext {
  const TaskContext& run;         ///< of the run that trained it
  std::filesystem::path weights;  ///< of the trained model
};

/// Everything a spec can name, as one value: built once, passed down, easily built with fakes.
struct Catalog {
  Registry<ImageTransform(SpecReader, const MethodContext&)> image_transforms{"image transform"};
  Registry<BatchTransform(SpecReader, const MethodContext&)> batch_transforms{"batch transform"};
  Registry<SemiSupervisedMethod(SpecReader, const MethodContext&)> semi_supervised_methods{
      "semi-supervised method"};
  Registry<std::shared_ptr<FewShotMethod>(SpecReader, const FewShotContext&)> few_shot_methods{
      "few-shot method"};
  Registry<std::unique_ptr<Task>(const TaskContext&)> tasks{"task"};
  Registry<Judged(SpecReader, const JudgeContext&)> judges{"evaluator"};
};

/// Adds the tasks of tasks.def and the judges of evaluators.def.
void register_tasks(Catalog& catalog);

}  // namespace mra
