#include "harness/data/avx2.h"

#include <atomic>

namespace mra {

static std::atomic<bool> is_allowed{true};

bool uses_avx2() {
  static const bool has_avx2 = __builtin_cpu_supports("avx2");
  return has_avx2 && is_allowed;
}

void use_avx2(bool allowed) {
  is_allowed = allowed;
}

}  // namespace mra
