#pragma once

#include <vector>

#include "harness/record/run_record.h"
#include "harness/spec/experiment.h"

namespace mra {

/// Records that no run wrote, to see how a large database behaves: the first are of every other one
/// of `experiments` as it is, with seed 0, so that half of the cells are done and half have to be
/// planned; those after them differ in the recipe, five seeds each.
class MadeUpRuns {
 public:
  explicit MadeUpRuns(std::vector<ExperimentSpec> experiments);

  /// The record number `index`, always the same; no two are of the same run.
  RunRecord record(size_t index) const;

 private:
  std::vector<ExperimentSpec> experiments_;
};

}  // namespace mra
