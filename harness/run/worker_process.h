#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "harness/run/executor.h"
#include "harness/spec/json.h"

namespace mra {

/// The program `harness-worker`: beside the running program, or in the libexec folder of an
/// installation. An Error of kind kEnvironment when there is none.
std::filesystem::path find_worker();

/// Runs the worker to its end and returns what it prints; its warnings go to stderr. Being stopped
/// (exit code 75) is no failure. When it fails: an Error with the worker's own reason.
/// `input`: see run_program().
std::string worker_output(const std::vector<std::string>& arguments, const std::string& input = "");
/// The same for a command of the worker that prints JSON.
Json ask_worker(const std::vector<std::string>& arguments, const std::string& input = "");

/// What the worker says of its libraries and devices; nothing where it is not installed or does not
/// start. Takes a second: LibTorch is loaded.
std::optional<Json> worker_report();

/// A running worker, in a process group of its own, so that a Ctrl-C meant for `harness` does not
/// reach it. Its stdout is read here, its stderr goes to a file. It is asked to stop (SIGTERM) when
/// this program dies.
class WorkerProcess {
 public:
  /// Starts the worker without a shell.
  explicit WorkerProcess(const WorkerJob& job);
  /// Kills it if it still runs.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  /// The pipe with its progress, for poll(); -1 after its end.
  int descriptor() const { return descriptor_; }
  /// The latest progress since the last call, if any.
  std::optional<ProgressUpdate> read_progress();
  /// Its status as of waitpid() once it has ended.
  std::optional<int> status();
  void send(int signal_number);

 private:
  pid_t pid_ = -1;
  int descriptor_ = -1;
  std::string unread_;  ///< a line received in part
  std::optional<int> status_;
};

}  // namespace mra
