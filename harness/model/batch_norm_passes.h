#pragma once

#include <torch/torch.h>

namespace mra {

// Batch norm with our own kernels, without autograd. Shapes: N pictures, C channels; [N,C,H,W] is
// fp32 on the CPU in channels-last order; gradients may be in any. Sums are taken over parts of a
// fixed size, so results are the same for any number of threads.

bool has_batch_norm_kernels();  ///< for the instructions that LibTorch uses here

/// -> [3,C]: mean, 1/√(variance + eps), unbiased variance of each channel of x [N,C,H,W].
torch::Tensor batch_norm_statistics(const torch::Tensor& x, double eps);

/// What the gradients of a batch norm depend on.
struct BatchNormState {
  torch::Tensor x;           // [N,C,H,W]
  torch::Tensor weight;      // [C]
  torch::Tensor statistics;  // [3,C]
  torch::Tensor y;           // output of the ReLU [N,C,H,W]; undefined if there is none
};

/// -> weight·(x − mean)/√(variance + eps) + bias, then + shortcut if it is defined, then the ReLU
/// if wanted: [N,C,H,W]. `state.y` is not read. Only a ReLU may follow a shortcut.
torch::Tensor batch_norm_forward(const BatchNormState& state, const torch::Tensor& bias,
                                 const torch::Tensor& shortcut, bool relu);

struct BatchNormGradients {
  torch::Tensor x, weight, bias;  // [N,C,H,W], [C], [C]
  torch::Tensor shortcut;         // [N,C,H,W] if wanted
  torch::Tensor means;            // [2,C]: of masked gradient, and of its product with normalised x
};

/// First gradients from g [N,C,H,W], that of the output.
BatchNormGradients batch_norm_backward(const BatchNormState& state, const torch::Tensor& g,
                                       bool wants_shortcut);

struct BatchNormSecondGradients {
  torch::Tensor g, x, weight;  // [N,C,H,W], [N,C,H,W], [C]
};

/// Gradients of what batch_norm_backward() computes. `upstream`: those of its first four results,
/// where undefined ones are zero; `means`: its last.
BatchNormSecondGradients batch_norm_second(const BatchNormState& state, const torch::Tensor& g,
                                           const torch::Tensor& means,
                                           const BatchNormGradients& upstream);

}  // namespace mra
