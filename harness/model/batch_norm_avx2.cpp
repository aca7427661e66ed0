#define WITH_ISA __attribute__((target("avx2,fma")))

namespace mra {
static constexpr int kLanes = 8;
}

#include "harness/model/batch_norm_kernel.h"

namespace mra {
const BatchNormKernels kBatchNormAvx2 = {moments,  forward,     backward_sums,
                                         backward, second_sums, second};
}
