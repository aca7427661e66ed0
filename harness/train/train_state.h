#pragma once

#include <array>
#include <map>
#include <string>

#include "harness/record/run_record.h"
#include "harness/train/task.h"

namespace mra {

/// The state of a training without its tensors. A checkpoint stores it as JSON.
struct TrainState {
  Step next;                                              ///< the next step
  double loss_sum = 0;                                    ///< over the finished steps of this epoch
  std::map<std::string, std::array<double, 2>> observed;  ///< Task::observed(), also summed
  Metrics metrics;                                        ///< of the latest evaluation
  Metrics best_metrics;                 ///< of the best one, if the recipe keeps its weights
  std::vector<bool> best_right;         ///< Task::right() of the best evaluation (headline.h)
  std::map<std::string, Curve> curves;  ///< x: number of finished epochs
  double wall_s = 0;                    ///< of all attempts so far
  double cpu_s = 0;
  double data_wait_s = 0;
  int64_t attempts = 0;
};

Json to_json(const TrainState& state);
/// Throws an Error of kind kIntegrity naming `file` when a field is missing or has the wrong type.
TrainState train_state_from_json(const Json& json, const std::string& file);

}  // namespace mra
