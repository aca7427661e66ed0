#pragma once

#include <torch/torch.h>

#include "harness/model/linear.h"

namespace mra {

inline constexpr double kLayerNormEps = 1e-6;  // MAE's value for every layer norm

/// Multi-head self-attention; parameters are named as in the MAE authors' code.
/// Shapes: N pictures, T tokens, D width, H heads.
class SelfAttentionImpl : public torch::nn::Module {
 public:
  SelfAttentionImpl(int64_t dim, int64_t heads);
  torch::Tensor forward(const torch::Tensor& tokens);  // [N,T,D] -> [N,T,D]

  /// forward() for the last `count` tokens only; they attend to all T: [N,T,D] -> [N,count,D].
  torch::Tensor tail(const torch::Tensor& tokens, int64_t count);

  /// q·k of the first token's query with every token's key, unscaled, in fp32: [N,T,D] ->
  /// [N,heads,T]. `heads`: heads(), or 1 for the product over all channels at once. To save work,
  /// no keys are computed: the query is multiplied by the key weights instead.
  torch::Tensor class_logits(const torch::Tensor& tokens, int64_t heads);

  int64_t heads() const { return heads_; }

 private:
  torch::Tensor parts(const torch::Tensor& tokens, int64_t first, int64_t count);

  int64_t dim_, heads_;
  Linear qkv{nullptr}, proj{nullptr};
};
TORCH_MODULE(SelfAttention);

class MlpImpl : public torch::nn::Module {
 public:
  MlpImpl(int64_t dim, int64_t hidden);
  torch::Tensor forward(const torch::Tensor& tokens);  // [N,T,D] -> [N,T,D]

 private:
  Linear fc1{nullptr}, fc2{nullptr};
};
TORCH_MODULE(Mlp);

/// Pre-norm transformer block.
class VitBlockImpl : public torch::nn::Module {
 public:
  VitBlockImpl(int64_t dim, int64_t heads, double mlp_ratio);
  torch::Tensor forward(const torch::Tensor& tokens);  // [N,T,D] -> [N,T,D]
  /// forward() for the last `count` tokens only: [N,T,D] -> [N,count,D].
  torch::Tensor tail(const torch::Tensor& tokens, int64_t count);

  torch::nn::LayerNorm norm1{nullptr};
  SelfAttention attn{nullptr};

 private:
  torch::nn::LayerNorm norm2{nullptr};
  Mlp mlp{nullptr};
};
TORCH_MODULE(VitBlock);

torch::nn::LayerNorm layer_norm(int64_t dim);

}  // namespace mra
