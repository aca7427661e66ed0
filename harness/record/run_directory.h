#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/record/run_record.h"

namespace mra {

/// Identifies a run by the key (hash) of its experiment and its seed.
struct RunId {
  std::string key;
  int64_t seed = 0;
  auto operator<=>(const RunId&) const = default;
};

/// Returns "0123456789abcdef-s0": the name of a run in messages and for `harness show`.
std::string text(const RunId& id);

enum class RunState { kPending, kRunning, kInterrupted, kFailed, kDone };
const char* name(RunState state);  ///< "pending", …

/// The folder of one run, where the two programs meet:
///   spec.json         {"key","seed","experiment","spec"}; written by `harness` before the start
///   environment.json  the machine, program and data of the latest attempt
///   source.patch      uncommitted changes in the program's source; absent: none
///   journal.jsonl     what happened, appended line by line (journal.h)
///   trace.jsonl       losses and digests of tensors of the first steps (trace.h)
///   worker.log        what the worker printed
///   checkpoint.bin    everything the next step depends on
///   evidence.bits     which validation pictures the model got right (evidence.h)
///   weights.safetensors, record.json   the result; record.json is written last
///   judged/<id>.json, <id>.png         results of evaluators (judgement.h), each written once
///   lock              locked by the processes that work on the run (RunLock)
class RunDirectory {
 public:
  /// <workspace>/runs/<first two digits>/<the rest>-s<seed>
  static std::filesystem::path path_of(const std::filesystem::path& workspace, const RunId& id);

  explicit RunDirectory(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path spec_file() const { return path_ / "spec.json"; }
  std::filesystem::path environment_file() const { return path_ / "environment.json"; }
  std::filesystem::path patch_file() const { return path_ / "source.patch"; }
  std::filesystem::path journal_file() const { return path_ / "journal.jsonl"; }
  std::filesystem::path trace_file() const { return path_ / "trace.jsonl"; }
  std::filesystem::path log_file() const { return path_ / "worker.log"; }
  std::filesystem::path checkpoint_file() const { return path_ / "checkpoint.bin"; }
  std::filesystem::path weights_file() const { return path_ / "weights.safetensors"; }
  std::filesystem::path evidence_file() const { return path_ / "evidence.bits"; }
  std::filesystem::path record_file() const { return path_ / "record.json"; }
  std::filesystem::path lock_file() const { return path_ / "lock"; }
  std::filesystem::path judged_folder() const { return path_ / "judged"; }
  std::filesystem::path judgement_file(const std::string& id) const {
    return judged_folder() / (id + ".json");
  }

  /// Returns the record with its judgements; nothing when the run is not finished. Throws an Error
  /// of kind kIntegrity for a damaged record. A judgement that is damaged, or of other weights, and
  /// evidence that is lost or damaged are left out, and the Error is added to `damaged`.
  std::optional<RunRecord> record(std::vector<Error>* damaged = nullptr) const;

  /// Returns the state from record, lock and journal, without changing anything.
  RunState state() const;
  /// Returns why it failed or stopped, from the last line of the journal; empty if there is none.
  std::string reason() const;

 private:
  std::filesystem::path path_;
};

/// Returns all run directories of a workspace, in order of key and seed.
std::vector<RunDirectory> run_directories(const std::filesystem::path& workspace);

/// Holds the lock of a run: the right to work on it. The worker inherits the open file, so a run
/// whose `harness` was killed stays locked until its worker ends. When a process dies, the kernel
/// releases its lock.
class RunLock {
 public:
  /// Takes the lock; nothing when another process holds it. Creates the folder if it is absent.
  static std::optional<RunLock> try_take(const RunDirectory& directory);
  RunLock(RunLock&& other) noexcept;
  RunLock& operator=(RunLock&& other) noexcept;
  RunLock(const RunLock&) = delete;
  ~RunLock();

  int descriptor() const { return descriptor_; }  ///< to be inherited by the worker

 private:
  explicit RunLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace mra
