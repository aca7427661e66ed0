#include "harness/base/error.h"

#include <utility>

#include <fmt/format.h>

#include "harness/base/text.h"

namespace mra {

const char* name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kFailure:
      return "failure";
    case ErrorKind::kUsage:
      return "usage";
    case ErrorKind::kIntegrity:
      return "integrity";
    case ErrorKind::kEnvironment:
      return "environment";
    case ErrorKind::kStopped:
      return "stopped";
  }
  return "failure";
}

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kFailure:
      return 1;
    case ErrorKind::kUsage:
      return 2;
    case ErrorKind::kIntegrity:
      return 5;
    case ErrorKind::kEnvironment:
      return 6;
    case ErrorKind::kStopped:
      return 75;
  }
  return 1;
}

static std::string text(const std::string& where, const std::string& what,
                        const std::string& cure) {
  const std::string said = shown_lines(what);
  const std::string first = where.empty() ? said : fmt::format("{}: {}", shown(where), said);
  return cure.empty() ? first : fmt::format("{}\n  fix: {}", first, shown_lines(cure));
}

Error::Error(ErrorKind error_kind, std::string place, std::string happened, std::string remedy)
    : std::runtime_error(text(place, happened, remedy)),
      kind(error_kind),
      where(std::move(place)),
      what_happened(std::move(happened)),
      cure(std::move(remedy)) {}

void fail(ErrorKind kind, std::string where, std::string what_happened, std::string cure) {
  throw Error(kind, std::move(where), std::move(what_happened), std::move(cure));
}

void check(bool holds, ErrorKind kind, const std::string& where, const std::string& what_happened,
           const std::string& cure) {
  if (!holds) fail(kind, where, what_happened, cure);
}

}  // namespace mra
