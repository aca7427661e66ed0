#pragma once

#include <vector>

#include "harness/record/run_record.h"
#include "harness/spec/experiment.h"

namespace mra {

/// Records that no run wrote, to see how a large database behaves: the first are of `experiments`
/// as they are, with seed 0, so that lists and reports find something; those after them differ in
/// the recipe, five seeds each.
class MadeUpRuns {
 public:
  explicit MadeUpRuns(std::vector<ExperimentSpec> experiments);

  /// The record number `index`, always the same; no two are of the same run.
  RunRecord record(size_t index) const;

 private:
  std::vector<ExperimentSpec> experiments_;
};

}  // namespace mra
