#pragma once

#include <functional>
#include <optional>
#include <string>

#include "harness/record/run_lock.h"
#include "harness/run/launch_options.h"
#include "harness/run/outcome.h"
#include "harness/store/result_store.h"

namespace mra {

/// What runs are executed with, and who is told of what is found on the way.
struct LaunchParts {
  ResultStore& store;
  const LaunchOptions& options;
  std::function<void(const std::string& message)> note;
};

/// Puts a record into the database.
void ingest(const RunRecord& record, const LaunchParts& parts);

/// The folder of a run before its worker starts, locked against other processes. What lies in it is
/// used, or moved out of the way. Two calls rename the folder and lock the new one: if another
/// process is faster, locked() is false afterwards.
class HeldFolder {
 public:
  /// Tries to lock the folder. `run` and `parts` must outlive it.
  HeldFolder(const PlannedRun& run, const LaunchParts& parts);

  const RunDirectory& directory() const { return directory_; }
  bool locked() const { return lock_.has_value(); }
  RunLock& lock() { return *lock_; }

  /// Renames what would block the run.
  void clear_the_way();

  /// If the folder's result was measured with other contents of a file, renames the folder, and
  /// restores a folder renamed earlier that fits the present contents.
  void leave_other_inputs();

  /// Moves the folder aside and removes the run's result from the database.
  void leave_result();

  /// Returns how the run ended, if the folder has its record: of another process, or of one killed
  /// before its record was in the database. A failure counts as an end if `failed_now`: another
  /// process has executed the run while this one waited.
  std::optional<ExecutedRun> ended_before(bool failed_now);

 private:
  void lock_again();

  const PlannedRun& run_;
  const LaunchParts& parts_;
  RunDirectory directory_;
  std::optional<RunLock> lock_;
};

}  // namespace mra
