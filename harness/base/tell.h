#pragma once

#include <cstdio>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace mra {

/// Prints to stderr. A failed write is ignored, so that a full or closed stderr never ends a run.
template <typename... Args>
void tell(fmt::format_string<Args...> format, Args&&... args) {
  const std::string text = printable(fmt::format(format, std::forward<Args>(args)...));
  std::fwrite(text.data(), 1, text.size(), stderr);
}

/// Returns where and what, without the cure.
inline std::string one_line(const Error& error) {
  return error.where.empty() ? error.what_happened : error.where + ": " + error.what_happened;
}

}  // namespace mra
