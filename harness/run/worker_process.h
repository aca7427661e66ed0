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

/// Runs a program and returns the JSON document that it prints; nothing when it cannot be started,
/// fails, or prints something else. `show_errors` and `input`: see run_program().
std::optional<Json> json_of_program(const std::filesystem::path& program,
                                    const std::vector<std::string>& arguments,
                                    bool show_errors = false, const std::string& input = "");

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
