#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// What this process may use of the machine.
struct Machine {
  int threads = 1;           ///< processors it may run on, a container's limit included
  int64_t memory_bytes = 0;  ///< of the machine or of the container, the smaller
  std::optional<int64_t> available_bytes;  ///< of memory that is free to be taken
};
Machine this_machine();

/// Free bytes where `folder` lies or would be made, and whether it can be written.
struct FolderState {
  int64_t free_bytes = 0;
  bool writable = false;
};
FolderState folder_state(std::filesystem::path folder);

/// How a program ended, and what it printed.
struct ProgramResult {
  int exit_code = -1;            ///< negative: it could not be started, or was killed
  std::optional<Json> document;  ///< of its stdout; nothing when that is no JSON
};

/// Where the folders of PATH have a program of this name; empty when none does.
std::filesystem::path find_program(const std::string& name);

/// Runs a program to its end. `show_errors`: its stderr is ours; else nobody hears it.
ProgramResult run_program(const std::filesystem::path& program,
                          const std::vector<std::string>& arguments, bool show_errors);

/// The JSON document that a program prints; nothing when it cannot be started, fails, or prints
/// something else. `show_errors`: its stderr is ours; else nobody hears it.
std::optional<Json> json_of_program(const std::filesystem::path& program,
                                    const std::vector<std::string>& arguments,
                                    bool show_errors = false);

}  // namespace mra
