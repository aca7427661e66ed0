#define WITH_ISA __attribute__((target("avx2,fma")))

namespace mra {
static constexpr int kLanes = 8, kTileSums = 12, kTileVectors = 3;  // of 16 registers
}

#include "harness/model/strided_kernel.h"

namespace mra {
const StridedKernels kStridedAvx2 = kKernels;
}
