#pragma once

#include "harness/base/scratch_folder.h"
#include "harness/record/trace.h"
#include "harness/run/launch_options.h"
#include "harness/run/plan.h"

namespace mra {

/// The first steps of a run, trained in a folder of their own that is gone afterwards: nothing in
/// the workspace changes.
class ShortTraining {
 public:
  ShortTraining(const PlannedRun& run, const ResultStore& store, const LaunchOptions& options,
                const Inputs& inputs);

  /// Trains on, from the checkpoint of the time before if there was one, until so many steps are
  /// done in all, or to the end of the recipe; each time in a process of its own.
  void train_until(int64_t step);
  Trace trace() const { return read_trace(directory_.trace_file()); }
  /// The machine and program that trained, as in RunRecord.
  Json environment() const;

  /// What a command of the worker prints about the run, "probe" for instance.
  Json ask(const std::string& command, const std::vector<std::string>& more) const;

 private:
  ScratchFolder folder_;
  RunDirectory directory_;
  std::vector<std::string> arguments_;  ///< of the worker, without the program
};

}  // namespace mra
