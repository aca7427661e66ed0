#define WITH_ISA __attribute__((target("avx512f,avx512vl,avx512dq,avx2,fma")))

namespace mra {
static constexpr int kLanes = 16;
}

#include "harness/model/batch_norm_kernel.h"

namespace mra {
const BatchNormKernels kBatchNormAvx512 = {moments,  forward,     backward_sums,
                                           backward, second_sums, second};
}
