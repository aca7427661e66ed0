#pragma once

#include <cstdint>

namespace mra {

/// Rows begin … end − 1 of tensors [M,C]: pixels of all pictures × channels.
struct BatchNormPiece {
  int64_t begin, end, channels;
};

// What the passes read and write; tensors [M,C] throughout. In batch_norm_passes.cpp the formulas.

struct BatchNormForward {
  const float *x, *shortcut;  ///< shortcut: null if nothing is added
  bool relu;
  float* y;
};

struct BatchNormBackward {
  const float *x, *y, *g;  ///< y: the output, or null without ReLU; g: its gradient
  float *masked, *d_x;     ///< masked: g where y is positive, or null if nobody needs it
};

struct BatchNormSecond {
  const float *x, *y, *g;           ///< as above
  const float *of_d_x, *of_masked;  ///< gradients of d_x and masked; the latter may be null
  float *d_g, *d_x;
};

/// The kernels of one instruction set. `sums` [k,C] receives sums over the piece's rows;
/// `of_channel` [k,C] holds k coefficients of each channel, the mean μ of x first.
struct BatchNormKernels {
  /// m, Σ(x − m), Σ(x − m)², where m is the mean of these rows as near as floats come.
  void (*moments)(BatchNormPiece piece, const float* x, float* sums);
  /// y = k₁·(x − μ) + k₂ (+ shortcut), at least 0 with ReLU.
  void (*forward)(BatchNormPiece piece, const BatchNormForward& data, const float* of_channel);
  /// Σm, Σm·(x − μ), where m is the masked gradient, which is stored too if asked for.
  void (*backward_sums)(BatchNormPiece piece, const BatchNormBackward& data,
                        const float* of_channel, float* sums);
  /// d_x = k₁·m + k₂·(x − μ) + k₃.
  void (*backward)(BatchNormPiece piece, const BatchNormBackward& data, const float* of_channel);
  /// With G for of_d_x: ΣG, ΣG·(x − μ), ΣG·m.
  void (*second_sums)(BatchNormPiece piece, const BatchNormSecond& data, const float* of_channel,
                      float* sums);
  /// d_g = k₁·G + k₂·(x − μ) + k₃ (+ of_masked), masked; d_x = k₄·G + k₂·m + k₅·(x − μ) + k₆.
  void (*second)(BatchNormPiece piece, const BatchNormSecond& data, const float* of_channel);
};

extern const BatchNormKernels kBatchNormAvx2, kBatchNormAvx512;

}  // namespace mra
