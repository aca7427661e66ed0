#pragma once

#include <functional>
#include <string>

namespace mra {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
/// How many times longer than the program itself a test of its time may take.
inline constexpr int kSlowdown = kSanitized ? 20 : 1;

/// How a piece of work ended that was done in a process of its own.
struct Confined {
  enum class End { kDone, kRefused, kFailed } end = End::kFailed;
  std::string message;  ///< of the Error that refused it, or how the process failed
  double seconds = 0;
};

/// Does `work` in a child process that may take `memory_bytes` more than this one has and
/// `time_s` of processor time; more ends it. An Error that `work` throws makes it kRefused.
/// Sanitizers need address space of their own: with them memory is not limited.
Confined confined(const std::function<void()>& work, size_t memory_bytes, unsigned time_s);

}  // namespace mra
