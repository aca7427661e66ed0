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

/// What the factory of a method receives in addition to its options.
struct MethodContext {
  torch::Device device = torch::kCPU;
  InputOptions input;  ///< size and normalisation of the pictures the method sees
  std::string precision = "fp32";
  /// Returns the path of the weights for an option "run:<key>" or "file:<name>" (weights_source.h).
  /// Any other value is already a path.
  std::function<std::filesystem::path(const std::string& value)> weights_of;
  /// Called for every file that is read for the spec. `input` has the form of spec/inputs.h,
  /// without a digest. Empty when nothing is recorded.
  std::function<void(const Json& input, const std::filesystem::path& path)> reads;
  /// Returns the gradient of the loss with respect to the pictures of a batch, [N,3,H,W] f32. It
  /// does not change the network. Empty when the task does not learn labels. Only a batch transform
  /// that sets BatchTransform::uses_gradient may call it.
  std::function<torch::Tensor(const Batch& batch)> input_gradient;
};

struct Catalog;
struct JudgeContext;

/// The result of a judge for one trained model.
struct Judged {
  Metrics metrics;                ///< names begin with the judge's: "occlusion/top1_error_32"
  Json details = Json::object();  ///< results that are not single numbers
  std::optional<Image> picture;
};

/// What a task is made from: a resolved spec, and where things are on this machine.
struct TaskContext {
  const ExperimentSpec& spec;
  const Catalog& catalog;
  int64_t seed = 0;
  std::vector<std::filesystem::path> data_dirs;
  int loader_threads = 0;
  MethodContext method;  ///< its `input` is filled in by the task
  /// The task only reads its options: its factory then calls end_if_only_read() to stop there.
  bool only_read = false;

  void end_if_only_read() const {
    if (only_read) throw OptionsRead();
  }
};

/// What a judge receives in addition to its options.
struct JudgeContext {
  const TaskContext& run;         ///< of the run that trained it
  std::filesystem::path weights;  ///< of the trained model
};

/// Everything that a spec can name. It is a plain value, so that tests can fill it with fakes.
struct Catalog {
  Registry<ImageTransform(SpecReader, const MethodContext&)> image_transforms{"image transform"};
  Registry<BatchTransform(SpecReader, const MethodContext&)> batch_transforms{"batch transform"};
  Registry<SemiSupervisedMethod(SpecReader, const MethodContext&)> semi_supervised_methods{
      "semi-supervised method"};
  Registry<std::shared_ptr<FewShotMethod>(SpecReader, const FewShotContext&)> few_shot_methods{
      "few-shot method"};
  Registry<std::unique_ptr<Task>(SpecReader, const TaskContext&)> tasks{"task"};
  Registry<Judged(SpecReader, const JudgeContext&)> judges{"evaluator"};
};

/// Returns a reader of a spec's options for its task.
SpecReader task_options(const ExperimentSpec& spec);

/// Makes the task of the context's spec.
std::unique_ptr<Task> make_task(const TaskContext& context);

/// Adds the tasks of tasks.def and the judges of evaluators.def.
void register_tasks(Catalog& catalog);

}  // namespace mra
