#pragma once

#include <stdexcept>
#include <string>

namespace mra {

/// What went wrong, as scripts see it: the exit code and the "kind" of the JSON error.
enum class ErrorKind {
  kFailure,      ///< a run failed, or the program did: exit 1
  kUsage,        ///< command line or spec: exit 2
  kIntegrity,    ///< data, database or a file of a run is damaged: exit 5
  kEnvironment,  ///< the machine lacks something: GPU, space, a data set: exit 6
  kStopped,      ///< stopped early and resumable: exit 75
};

/// "failure", "usage", "integrity", "environment" or "stopped".
const char* name(ErrorKind kind);
/// The exit code of a program that ends with this error.
int exit_code(ErrorKind kind);

/// Something the user can fix: where it is, what is wrong, what to do. A mistake in the program is
/// an assertion instead. The parts hold names as they are; what() is fit for a terminal (shown()).
class Error : public std::runtime_error {
 public:
  /// `where`: file and JSON pointer, path or option. `what_happened`: found and expected.
  /// `cure`: what to do about it, without the word "fix".
  Error(ErrorKind kind, std::string where, std::string what_happened, std::string cure);

  ErrorKind kind;
  std::string where;
  std::string what_happened;
  std::string cure;
};

[[noreturn]] void fail(ErrorKind kind, std::string where, std::string what_happened,
                       std::string cure);

/// fail() unless `holds`.
void check(bool holds, ErrorKind kind, const std::string& where, const std::string& what_happened,
           const std::string& cure);

}  // namespace mra
