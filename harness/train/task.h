#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <torch/torch.h>

#include "harness/record/run_record.h"

namespace mra {

/// Where training stands: everything a random draw of a step may be keyed by.
struct Step {
  int64_t epoch = 0;          ///< from 0
  int64_t step_in_epoch = 0;  ///< from 0
  int64_t step = 0;           ///< from 0, over all epochs
};

/// What is learnt and how it is judged. The loop (trainer.h) is the same for every task.
class Task {
 public:
  virtual ~Task() = default;
  /// What is optimised and saved.
  virtual torch::nn::Module& module() = 0;
  virtual int64_t steps_per_epoch() const = 0;
  /// Starts the batches of an epoch at `first_step` of it.
  virtual void start_epoch(int64_t epoch, int64_t first_step) = 0;
  /// Loss of the next batch of the epoch, a scalar with gradients. Called once a step, in order;
  /// the trainer has set the precision.
  virtual torch::Tensor loss(const Step& step) = 0;
  virtual int64_t images_per_step() const = 0;
  virtual void after_step(const Step&) {}
  /// What the latest loss was computed from, by name; the tensors of the step itself.
  virtual std::map<std::string, torch::Tensor> latest_inputs() const { return {}; }
  /// Metrics of the current weights (a cheap set, for the curve) after an epoch.
  virtual Metrics evaluate() = 0;
};

}  // namespace mra
