#pragma once

#include "harness/cli/context.h"
#include "harness/cli/scratch_folder.h"
#include "harness/record/trace.h"
#include "harness/run/plan.h"
#include "harness/store/result_store.h"

namespace mra {

/// The first steps of a run, trained in a folder of their own that is gone afterwards: nothing in
/// the workspace changes.
class ShortTraining {
 public:
  struct Options {
    std::string device = "auto";
    int threads = 0;  ///< of tensor operations; 0: one a core
  };
  ShortTraining(const Context& context, const ResultStore& store, const PlannedRun& run,
                const Options& options);

  /// Trains on, from the checkpoint of the time before if there was one, until so many steps are
  /// done in all, or to the end of the recipe; each time in a process of its own.
  void train_until(int64_t step);
  Trace trace() const { return read_trace(directory_.trace_file()); }
  /// The machine and program that trained, as in RunRecord.
  Json environment() const;

 private:
  ScratchFolder folder_;
  RunDirectory directory_;
  std::string name_;
  std::vector<std::string> arguments_;  ///< of the worker, without the program
};

}  // namespace mra
