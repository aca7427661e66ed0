#pragma once

#include <filesystem>
#include <vector>

#include "harness/base/error.h"
#include "harness/run/plan.h"

namespace mra {

/// JSON Schemas of the options that methods, evaluators and models read, by name:
/// {"batch_transforms":
/// {"cutmix": …}, "image_transforms", "evaluate", "model", …}; null where harness-worker does not
/// start. Takes a second.
Json known_options();

/// What a check of options found.
struct CheckedOptions {
  std::vector<Error> errors;  ///< each once, told of the file and place that wrote the value
  bool asked_worker = true;   ///< false: harness-worker does not start
};

/// Checks the options of experiments before any of them runs: those that nothing reads or that are
/// out of range, at any depth, and published weights that do not fit. harness-worker is asked what
/// a method, model, task or evaluator reads, in a second; where it does not start, only the rest is
/// checked.
CheckedOptions wrong_options(const std::vector<ExperimentSpec>& experiments,
                             const std::vector<std::filesystem::path>& data_dirs);

/// What is wrong with their data sets, which must be there: other numbers of pictures than
/// expected, or fewer than one batch.
std::vector<Error> wrong_data(const std::vector<ExperimentSpec>& experiments,
                              const std::vector<std::filesystem::path>& data_dirs);

/// Both, of the runs of a plan. Data is not looked at where options are wrong.
std::vector<Error> wrong_runs(const std::vector<PlannedRun>& runs,
                              const std::vector<std::filesystem::path>& data_dirs);

}  // namespace mra
