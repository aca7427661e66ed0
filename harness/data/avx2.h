#pragma once

/// Marks a function that is compiled for processors with AVX2. Call it only if uses_avx2().
#define WITH_AVX2 __attribute__((target("avx2")))

namespace mra {

/// Whether this processor has AVX2, and nobody said no. Results are the same with and without it.
bool uses_avx2();
/// For tests, which compare the two.
void use_avx2(bool allowed);

}  // namespace mra
