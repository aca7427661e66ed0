#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <torch/torch.h>

#include "harness/record/run_record.h"

namespace mra {

class AveragedWeights;

/// A step of training. Its random draws may be keyed by these numbers.
struct Step {
  int64_t epoch = 0;          ///< from 0
  int64_t step_in_epoch = 0;  ///< from 0
  int64_t step = 0;           ///< from 0, over all epochs
};

/// The inputs of a step by name: tensors on the training device, after all transforms.
using StepInputs = std::map<std::string, torch::Tensor>;

/// What is learnt and how it is evaluated. The loop (trainer.h) is the same for every task. In each
/// step it calls inputs(), then loss().
class Task {
 public:
  virtual ~Task() = default;
  /// The module that is optimised and saved.
  virtual torch::nn::Module& module() = 0;
  virtual int64_t steps_per_epoch() const = 0;
  virtual int64_t images_per_step() const = 0;
  /// Starts an epoch: the next inputs() are those of its step `first_step`.
  virtual void start_epoch(int64_t epoch, int64_t first_step) = 0;
  /// Loads and transforms the inputs of the next step, in full precision. Called once for each
  /// step, in order.
  virtual StepInputs inputs(const Step& step) = 0;
  /// Loss on the inputs of the step: a scalar that requires gradients. The caller sets the
  /// precision (AutocastScope).
  virtual torch::Tensor loss(const Step& step, const StepInputs& inputs) = 0;
  virtual void after_step(const Step&) {}
  /// Other quantities of the latest loss(), by name: [2] f32, a sum and the number of its terms.
  /// Their mean over each epoch becomes a curve.
  virtual std::map<std::string, torch::Tensor> observed() const { return {}; }
  /// Metrics of the current weights (a cheap set, for the curve).
  virtual Metrics evaluate() = 0;
  /// The metric of evaluate() whose highest value marks the best evaluation; empty: the task has
  /// none.
  virtual std::string headline() const { return ""; }
  /// Called before the first step when the recipe has an "ema_decay". A task may use the averaged
  /// weights as a teacher (AveragedWeights::Scope).
  virtual void use_average(AveragedWeights&) {}
  /// Metadata to write into the weight file.
  virtual std::map<std::string, std::string> weights_metadata() const { return {}; }
};

}  // namespace mra
