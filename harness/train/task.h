#pragma once

#include <cstdint>
#include <map>
#include <string>

#include <torch/torch.h>

#include "harness/record/run_record.h"

namespace mra {

class AveragedWeights;

/// Where training stands: everything a random draw of a step may be keyed by.
struct Step {
  int64_t epoch = 0;          ///< from 0
  int64_t step_in_epoch = 0;  ///< from 0
  int64_t step = 0;           ///< from 0, over all epochs
};

/// What a step learns from, by name: tensors on the training device, after all transforms.
using StepInputs = std::map<std::string, torch::Tensor>;

/// What is learnt and how it is judged. The loop (trainer.h) is the same for every task. A step is
/// two calls, inputs() and loss(), in this order.
class Task {
 public:
  virtual ~Task() = default;
  /// What is optimised and saved.
  virtual torch::nn::Module& module() = 0;
  virtual int64_t steps_per_epoch() const = 0;
  virtual int64_t images_per_step() const = 0;
  /// Starts the batches of an epoch at `first_step` of it.
  virtual void start_epoch(int64_t epoch, int64_t first_step) = 0;
  /// Loads and transforms what the next step of the epoch learns from, in full precision. Called
  /// once a step, in order.
  virtual StepInputs inputs(const Step& step) = 0;
  /// Loss on the inputs of the step, a scalar with gradients. The trainer has set the precision.
  virtual torch::Tensor loss(const Step& step, const StepInputs& inputs) = 0;
  virtual void after_step(const Step&) {}
  /// What the latest loss() saw beside the loss, by name: [2] f32, a sum and the number of its
  /// terms. Sum over number, over the steps of each epoch, becomes a curve.
  virtual std::map<std::string, torch::Tensor> observed() const { return {}; }
  /// Metrics of the current weights (a cheap set, for the curve).
  virtual Metrics evaluate() = 0;
  /// The metric of evaluate() by which the best evaluation is known, higher is better; empty where
  /// none is told.
  virtual std::string headline() const { return ""; }
  /// Hands over the averaged weights, before the first step, where the recipe has an "ema_decay". A
  /// task may ask them as its teacher (AveragedWeights::Scope).
  virtual void use_average(AveragedWeights&) {}
  /// What is written beside the weights, so that the file says what it is of.
  virtual std::map<std::string, std::string> weights_metadata() const { return {}; }
};

}  // namespace mra
