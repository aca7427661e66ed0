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

/// The JSON document that a program prints; nothing when it cannot be started, fails, or prints
/// something else. `show_errors`: its stderr is ours; else nobody hears it.
std::optional<Json> json_of_program(const std::filesystem::path& program,
                                    const std::vector<std::string>& arguments,
                                    bool show_errors = false);

/// A running worker, in a process group of its own, so that a Ctrl-C meant for `harness` does not
/// reach it. Its stdout is read here, its stderr goes to a file. It is asked to stop (SIGTERM) when
/// this program dies.
class WorkerProcess {
 public:
  /// Starts it, no shell between.
  explicit WorkerProcess(const WorkerJob& job);
  /// Kills it if it still runs.
  ~WorkerProcess();
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  /// Where its progress comes from; -1 after its end. To be waited for with poll().
  int descriptor() const { return descriptor_; }
  /// The latest progress told since the last call.
  std::optional<ProgressUpdate> read_progress();
  /// Its status as of waitpid() once it has ended.
  std::optional<int> status();
  void send(int signal_number);

 private:
  pid_t pid_ = -1;
  int descriptor_ = -1;
  std::string unread_;  ///< the beginning of a line
  std::optional<int> status_;
};

}  // namespace mra
