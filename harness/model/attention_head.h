#pragma once

#include <cstdint>

namespace mra {

/// The rows of one head within a tensor of all heads: row t begins at data + t·stride.
template <typename Float>
struct HeadRows {
  Float* data;
  int64_t stride;

  Float* row(int64_t t) const { return data + t * stride; }
};

/// One head of one picture.
struct AttentionHead {
  int64_t queries, keys, width;  ///< width: channels of the head
  HeadRows<const float> q, k, v;
};

/// The kernels of one instruction set. `scratch` has room for scratch_floats().
struct AttentionKernels {
  int64_t (*scratch_floats)(int64_t queries, int64_t keys, int64_t width);
  void (*forward)(const AttentionHead& head, HeadRows<float> out, float* scratch);
  /// The gradients of q, k and v from that of the output.
  void (*backward)(const AttentionHead& head, HeadRows<const float> d_out, HeadRows<float> d_q,
                   HeadRows<float> d_k, HeadRows<float> d_v, float* scratch);
};

extern const AttentionKernels kAttentionAvx2, kAttentionAvx512;

}  // namespace mra
