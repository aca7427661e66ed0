#pragma once

#include <torch/torch.h>

namespace mra {

/// Multi-head attention: softmax(q·kᵀ/√d)·v for every head, whose channels lie side by side.
/// Shapes: N pictures, Tq queries, Tk keys, D width, d = D/heads. On a CPU in fp32 our own kernels
/// compute it, because LibTorch multiplies such small matrices slowly; they have first gradients
/// only.
torch::Tensor attention(const torch::Tensor& query,      // [N,Tq,D]
                        const torch::Tensor& key_value,  // [N,Tk,2·D]: keys, then values
                        int64_t heads);                  // -> [N,Tq,D]

}  // namespace mra
