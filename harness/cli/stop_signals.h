#pragma once

#include <atomic>

namespace mra {

/// While it lives, Ctrl-C, SIGTERM and a closed terminal do not end the program: they are counted,
/// and whoever works looks at the count. There is one at a time.
class StopSignals {
 public:
  StopSignals();
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// How often the user asked to stop.
  const std::atomic<int>& count() const;
};

}  // namespace mra
