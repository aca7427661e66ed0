#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "harness/record/run_record.h"

namespace mra {

class AveragedWeights;

/// The position of a training step. Its random values may use these numbers as keys.
struct Step {
  int64_t epoch = 0;          ///< from 0
  int64_t step_in_epoch = 0;  ///< from 0
  int64_t step = 0;           ///< from 0, over all epochs
};

/// The inputs of a step by name: tensors on the training device after all transforms.
using StepInputs = std::map<std::string, torch::Tensor>;

/// How the loss of a batch is made of losses that know of one row each, where a row is an entry of
/// the first dimension of every input. Then a batch may be computed in slices.
enum class LossOfRows {
  kNone,  ///< it is not
  kMean,  ///< their mean: rows are pictures
  kSum,   ///< their sum
};

/// What is trained and how it is evaluated. The loop (trainer.h) is the same for every task: in
/// each step it calls inputs(), then loss().
class Task {
 public:
  virtual ~Task() = default;
  /// The module that is optimised and saved.
  virtual torch::nn::Module& module() = 0;
  virtual int64_t steps_per_epoch() const = 0;
  virtual int64_t images_per_step() const = 0;
  /// Starts an epoch at its step `first_step`, whose inputs() are called next.
  virtual void start_epoch(int64_t epoch, int64_t first_step) = 0;
  /// Loads and transforms the inputs of the next step, in full precision. It is called once for
  /// each step, in order, by any thread, and beside loss() of the step before.
  virtual StepInputs inputs(const Step& step) = 0;
  /// Whether inputs() uses the weights that are trained. Then it waits for the step before.
  virtual bool inputs_use_weights() const { return false; }
  /// Returns the loss on the inputs of the step: a scalar that requires gradients. The caller sets
  /// module() to training mode, and the precision (AutocastScope).
  virtual torch::Tensor loss(const Step& step, const StepInputs& inputs) = 0;
  /// With kMean or kSum, several threads may call loss() at the same time.
  virtual LossOfRows loss_of_rows() const { return LossOfRows::kNone; }
  virtual void after_step(const Step&) {}
  /// Returns other quantities of the latest loss(), by name: [2] f32, a sum and the number of its
  /// terms. Their mean over each epoch becomes a curve.
  virtual std::map<std::string, torch::Tensor> observed() const { return {}; }
  /// Returns the metrics of the current weights, for the curve. They should be cheap.
  virtual Metrics evaluate() = 0;
  /// Which validation pictures the latest evaluate() got right, in their order; they make up the
  /// headline. Empty when the task keeps none.
  virtual const std::vector<bool>& right() const {
    static const std::vector<bool> kNone;
    return kNone;
  }
  /// Returns the metric of evaluate() whose highest value marks the best evaluation; empty when the
  /// task has none.
  virtual std::string headline() const { return ""; }
  /// Called before the first step when the recipe has an "ema_decay". A task may use the averaged
  /// weights as a teacher (AveragedWeights::Scope).
  virtual void use_average(AveragedWeights&) {}
  /// Returns the metadata for the weight file.
  virtual std::map<std::string, std::string> weights_metadata() const { return {}; }
};

}  // namespace mra
