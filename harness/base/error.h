#pragma once

#include <stdexcept>
#include <string>

namespace mra {

/// The kind of an error. Scripts see it as the exit code and as "kind" in the JSON error.
enum class ErrorKind {
  kFailure,      ///< a run or the program itself failed: exit 1
  kUsage,        ///< the command line or a spec is wrong: exit 2
  kIntegrity,    ///< data, database or a file of a run is damaged: exit 5
  kEnvironment,  ///< the machine lacks something: GPU, space, a data set: exit 6
  kStopped,      ///< stopped early and resumable: exit 75
};

/// "failure", "usage", "integrity", "environment" or "stopped".
const char* name(ErrorKind kind);
/// Returns the exit code of a program that ends with this error.
int exit_code(ErrorKind kind);

/// An error that the user can fix: where it is, what is wrong, what to do. A mistake in the program
/// is an assertion. The members hold text as it is; what() is escaped by shown().
class Error : public std::runtime_error {
 public:
  /// `where`: file and JSON pointer, path or option. `what_happened`: found and expected.
  /// `cure`: what the user can do about it, without the word "fix".
  Error(ErrorKind kind, std::string where, std::string what_happened, std::string cure);

  ErrorKind kind;
  std::string where;
  std::string what_happened;
  std::string cure;
};

[[noreturn]] void fail(ErrorKind kind, std::string where, std::string what_happened,
                       std::string cure);

/// Calls fail() unless `holds`.
void check(bool holds, ErrorKind kind, const std::string& where, const std::string& what_happened,
           const std::string& cure);

}  // namespace mra
