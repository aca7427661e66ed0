#include "harness/run/progress_line.h"

#include <limits>

#include "harness/spec/json.h"

namespace mra {

/// Upper bound for epochs, rates and seconds, beyond any run; a double holds it exactly.
static constexpr double kMost = 1e12;
static constexpr double kMostLoss = std::numeric_limits<double>::max();

std::optional<ProgressUpdate> parse_progress(std::string_view line) {
  const Json json = Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  const auto number = [&](const char* key, double fallback, double least, double most) {
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number()) return fallback;
    const double value = found->get<double>();
    return value >= least && value <= most ? value : fallback;
  };
  ProgressUpdate update;
  update.epoch = int64_t(number("epoch", 0, 0, kMost));
  update.epochs = int64_t(number("epochs", 0, 0, kMost));
  update.done_frac = number("done_frac", 0, 0, 1);
  update.images_per_s = number("images_per_s", 0, 0, kMost);
  update.data_wait_frac = number("data_wait_frac", 0, 0, 1);
  update.loss = number("loss", 0, -kMostLoss, kMostLoss);
  update.left_s = number("left_s", -1, 0, kMost);
  return update;
}

}  // namespace mra
