#define WITH_ISA __attribute__((target("avx512f,avx512vl,avx512dq,avx2,fma")))

namespace mra {
static constexpr int kLanes = 16, kTileSums = 24, kTileVectors = 4;  // of 32 registers
}

#include "harness/model/strided_kernel.h"

namespace mra {
const StridedKernels kStridedAvx512 = kKernels;
}
