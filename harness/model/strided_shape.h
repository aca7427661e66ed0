#pragma once

#include <cstdint>

namespace mra {

/// A convolution with a stride, from maps [N,H,W,in] to maps [N,H',W',out].
struct StridedShape {
  int64_t in, out, side_px, stride, padding_px;
  int64_t height_px, width_px, out_height_px, out_width_px;

  /// Outputs in a row or column up to the last one that a tap reads for some input: those behind
  /// d_y are zeros.
  int64_t extended(int64_t inputs) const { return (inputs - 1 + padding_px) / stride + 1; }
  int64_t extended_row() const { return extended(width_px) * out; }
  int64_t extended_floats() const { return extended(height_px) * extended_row(); }
};

/// The kernel of one instruction set: the gradient d_x [H,W,in] of a picture, from that of its
/// outputs, d_y [H',W',out], and the weight [out,k,k,in]. Channels are whole vectors. `scratch` has
/// room for extended_floats().
struct StridedKernels {
  void (*input_gradient)(const StridedShape& shape, const float* d_y, const float* w, float* d_x,
                         float* scratch);
};

extern const StridedKernels kStridedAvx2, kStridedAvx512;

}  // namespace mra
