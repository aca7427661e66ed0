#pragma once

#include <cstddef>
#include <cstdint>

namespace mra {

class AxisWeights;

/// How many bytes past the end of a row the kernels may read or write.
constexpr size_t kResizeSlack_bytes = 32;

/// Inner loops of Resizer, all with the same results, for different processors.
struct ResizeKernels {
  /// Resizes two rows of RGB pixels along `across`. With `flipped`, the columns come out reversed.
  void (*narrow)(const uint8_t* const in[2], const AxisWeights& across, bool flipped,
                 uint8_t* const out[2]);
  /// Computes a row of `bytes` bytes from `taps` rows, `pitch` bytes apart. The weights are those
  /// of AxisWeights. Writes whole registers: up to kResizeSlack_bytes more than asked for.
  void (*flatten)(const uint8_t* in, size_t pitch, const int16_t* high, const int16_t* low,
                  int taps, size_t bytes, uint8_t* out);
};

extern const ResizeKernels kSse2Kernels;  ///< every x86-64 processor has SSE2
extern const ResizeKernels kAvx2Kernels;

/// Those with AVX2 if uses_avx2().
const ResizeKernels& fastest_resize_kernels();

}  // namespace mra
