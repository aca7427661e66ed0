#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mra {

/// Finds the program with this name in the folders of PATH. Returns an empty path if there is none.
std::filesystem::path find_program(const std::string& name);

/// Finds one of our own programs: beside the running one, or in the libexec folder of an
/// installation. Returns an empty path if there is none.
std::filesystem::path find_own_program(const std::string& name);

/// The exit code of a program and its output.
struct ProgramResult {
  int exit_code = -1;  ///< negative: it could not be started, or was killed
  std::string output;  ///< its stdout
  std::string errors;  ///< its stderr
  int signal = 0;      ///< that killed it
};

/// Runs a program and waits for its end. `input`: the text it reads from stdin; empty: it reads our
/// own stdin.
ProgramResult run_program(const std::filesystem::path& program,
                          const std::vector<std::string>& arguments, const std::string& input = "");

}  // namespace mra
