#pragma once

#include <chrono>

namespace mra {

/// Measures the seconds since its construction. Changes of the system clock have no effect.
class Stopwatch {
 public:
  double elapsed_s() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

}  // namespace mra
