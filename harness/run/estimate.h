#pragma once

#include <optional>
#include <string>

#include "harness/spec/experiment.h"
#include "harness/store/result_store.h"

namespace mra {

/// How long a run will take, and what this estimate is based on.
struct Estimate {
  double seconds = 0;
  std::string basis;  ///< for people: "at 940 images/s of table6/Baseline s0"
};

/// The first available of: the rate of a recorded run on `machine` (machine_text()) that does the
/// same work per picture (work_of()); a probe's rate of such training steps there; the time of the
/// most similar record, if it has the same amount of work. Nothing when none is available.
std::optional<Estimate> estimate(const ExperimentSpec& experiment, const ResultStore& store,
                                 const std::optional<NearestRun>& nearest,
                                 const std::string& machine);

}  // namespace mra
