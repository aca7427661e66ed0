#include "harness/train/train_state.h"

#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {

/// "0110…": a digit for each picture.
static std::string digits_of(const std::vector<bool>& right) {
  std::string digits;
  for (const bool one : right) digits += one ? '1' : '0';
  return digits;
}

static std::vector<bool> right_of(const std::string& digits) {
  std::vector<bool> right;
  for (const char digit : digits) right.push_back(digit == '1');
  return right;
}

Json to_json(const TrainState& state) {
  return {{"epoch", state.next.epoch},
          {"step_in_epoch", state.next.step_in_epoch},
          {"step", state.next.step},
          {"loss_sum", state.loss_sum},
          {"metrics", state.metrics},
          {"curves", state.curves},
          {"observed", state.observed},
          {"best_metrics", state.best_metrics},
          {"best_right", digits_of(state.best_right)},
          {"wall_s", state.wall_s},
          {"cpu_s", state.cpu_s},
          {"data_wait_s", state.data_wait_s},
          {"attempts", state.attempts}};
}

static TrainState read_fields(const Json& json) {
  TrainState state;
  state.next.epoch = json.at("epoch").get<int64_t>();
  state.next.step_in_epoch = json.at("step_in_epoch").get<int64_t>();
  state.next.step = json.at("step").get<int64_t>();
  state.loss_sum = json.at("loss_sum").get<double>();
  state.metrics = json.at("metrics").get<Metrics>();
  state.curves = json.at("curves").get<std::map<std::string, Curve>>();
  // Absent in checkpoints of earlier versions.
  state.observed = json.value("observed", state.observed);
  state.best_metrics = json.value("best_metrics", state.best_metrics);
  state.best_right = right_of(json.value("best_right", ""));
  state.wall_s = json.at("wall_s").get<double>();
  state.cpu_s = json.at("cpu_s").get<double>();
  state.data_wait_s = json.value("data_wait_s", 0.0);  // likewise
  state.attempts = json.at("attempts").get<int64_t>();
  return state;
}

TrainState train_state_from_json(const Json& json, const std::string& file) {
  try {
    return read_fields(json);
  } catch (const Json::exception& error) {
    fail(ErrorKind::kIntegrity, file, fmt::format("has no valid training state: {}", error.what()),
         "move it away and repeat the run");
  }
}

}  // namespace mra
