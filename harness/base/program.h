#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mra {

/// Where the folders of PATH have a program of this name; empty when none does.
std::filesystem::path find_program(const std::string& name);

/// One of our own programs: beside the running one, or in the libexec folder of an installation;
/// empty when there is none.
std::filesystem::path find_own_program(const std::string& name);

/// How a program ended, and what it printed.
struct ProgramResult {
  int exit_code = -1;  ///< negative: it could not be started, or was killed
  std::string output;  ///< its stdout
};

/// Runs a program to its end. `show_errors`: its stderr is ours; else nobody hears it. `input`:
/// what it reads from stdin; empty: our own stdin.
ProgramResult run_program(const std::filesystem::path& program,
                          const std::vector<std::string>& arguments, bool show_errors,
                          const std::string& input = "");

}  // namespace mra
