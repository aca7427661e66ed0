// Vectors of one instruction set. The file that includes this one defines WITH_ISA, the attribute
// of its functions, and in namespace mra kLanes, the floats in a vector.
#include <cstdint>

namespace mra {
namespace {

using Vector = float __attribute__((vector_size(kLanes * sizeof(float))));
using Bits = int32_t __attribute__((vector_size(kLanes * sizeof(float))));
using Unaligned = float __attribute__((vector_size(kLanes * sizeof(float)), aligned(4), may_alias));

#define INLINE WITH_ISA __attribute__((always_inline)) inline

/// T is Vector or float.
template <typename T = Vector>
INLINE T load(const float* from) {
  if constexpr (sizeof(T) == sizeof(float))
    return *from;
  else
    return *reinterpret_cast<const Unaligned*>(from);
}

INLINE void store(float* to, float value) {
  *to = value;
}

INLINE void store(float* to, Vector values) {
  *reinterpret_cast<Unaligned*>(to) = values;
}

}  // namespace
}  // namespace mra
