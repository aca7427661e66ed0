#pragma once

#include <optional>
#include <string>

#include "harness/spec/experiment.h"
#include "harness/store/result_store.h"

namespace mra {

/// How long a run will take, and what that rests on.
struct Estimate {
  double seconds = 0;
  std::string basis;  ///< for people: "at 940 images/s of table6/Baseline s0"
};

/// From what is known of `machine` (machine_text()), the first of: the rate of a recorded run that
/// did the same with every picture; a measured rate of the training steps alone; the time of the
/// nearest record, where nothing differs that decides the amount of work. Nothing when all lack.
std::optional<Estimate> estimate(const ExperimentSpec& experiment, const ResultStore& store,
                                 const std::optional<NearestRun>& nearest,
                                 const std::string& machine);

}  // namespace mra
