#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/spec/spec_reader.h"

namespace mra {

/// How a model is trained. Whatever is here can change the result; what cannot (loader
/// threads, device) is an option of the command. Defaults are PyTorch's.
struct Recipe {
  int64_t epochs = 0;
  int64_t batch_size = 0;  ///< images a step, all devices together
  /// Pictures of a step that are computed at a time, whose gradients add up to the batch's: less
  /// memory, other roundings. 0: all at once.
  int64_t micro_batch = 0;
  bool drop_last = true;          ///< leave out the last batch of an epoch when it is not full
  std::string optimizer = "sgd";  ///< sgd, adamw
  double lr = 0;                  ///< peak learning rate
  double momentum = 0;            ///< sgd
  bool nesterov = false;          ///< sgd
  double beta1 = 0.9, beta2 = 0.999, eps = 1e-8;  ///< adamw
  double weight_decay = 0;
  std::string decay_on = "all";  ///< all, matrices: tensors of two or more dimensions only
  /// cosine (per step), epoch_cosine, fixmatch_cosine (per step, to 7/16 of a half wave), step,
  /// multistep, constant
  std::string schedule = "cosine";
  double min_lr = 0;                ///< cosine ends here
  double warmup_epochs = 0;         ///< linear from 0, per step
  int64_t step_epochs = 30;         ///< step: epochs between drops
  std::vector<int64_t> milestones;  ///< multistep: epochs at which the rate drops
  double gamma = 0.1;               ///< step, multistep: factor of a drop
  double label_smoothing = 0;
  double ema_decay = 0;            ///< 0: no averaged copy of the weights
  std::string precision = "fp32";  ///< fp32, tf32 (convolutions), bf16 (autocast)
  /// Of tensor operations on the CPU; sums are taken in another order with another number. 0: as
  /// many as the machine has for the run, so that figures depend on the machine.
  int64_t threads = 0;
  int64_t evaluate_every_epochs = 1;  ///< curve points; the last epoch is always evaluated
  /// Above 0: evaluated after step 0 and every so many later ones, in place of epochs.
  int64_t evaluate_every_steps = 0;
  int64_t late_evaluate_every_steps = 0;  ///< above 0: the same once 80 % of the steps are done
  /// Which weights the run ends with: those of the last step, or of the evaluation with the best
  /// headline metric (Task::headline), of equal ones the first.
  std::string keep = "last";
};

/// Reads and checks every key of a recipe.
Recipe read_recipe(SpecReader spec);

}  // namespace mra
