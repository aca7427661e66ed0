#pragma once

#include <torch/torch.h>

namespace mra {

inline constexpr double kLayerNormEps = 1e-6;  // of MAE, everywhere

/// Multi-head self-attention with the MAE authors' names.
/// Shapes: N pictures, T tokens, D width, H heads.
class SelfAttentionImpl : public torch::nn::Module {
 public:
  SelfAttentionImpl(int64_t dim, int64_t heads);
  torch::Tensor forward(const torch::Tensor& tokens);  // [N,T,D] -> [N,T,D]

  /// Query of the first token and keys of the others, biases included.
  struct ClassQuery {
    torch::Tensor query;  // [N,D]
    torch::Tensor keys;   // [N,T-1,D]
  };
  ClassQuery class_query(const torch::Tensor& tokens);
  /// Keys of the first token: what the class token attends to beside the patches.
  torch::Tensor class_key(const torch::Tensor& tokens);  // [N,T,D] -> [N,D]

  int64_t heads() const { return heads_; }

 private:
  torch::Tensor part(const torch::Tensor& tokens, int64_t which);  // 0 query, 1 key

  int64_t dim_, heads_;
  torch::nn::Linear qkv{nullptr}, proj{nullptr};
};
TORCH_MODULE(SelfAttention);

class MlpImpl : public torch::nn::Module {
 public:
  MlpImpl(int64_t dim, int64_t hidden);
  torch::Tensor forward(const torch::Tensor& tokens);  // [N,T,D] -> [N,T,D]

 private:
  torch::nn::Linear fc1{nullptr}, fc2{nullptr};
};
TORCH_MODULE(Mlp);

/// Pre-norm transformer block.
class VitBlockImpl : public torch::nn::Module {
 public:
  VitBlockImpl(int64_t dim, int64_t heads, double mlp_ratio);
  torch::Tensor forward(const torch::Tensor& tokens);  // [N,T,D] -> [N,T,D]

  torch::nn::LayerNorm norm1{nullptr};
  SelfAttention attn{nullptr};

 private:
  torch::nn::LayerNorm norm2{nullptr};
  Mlp mlp{nullptr};
};
TORCH_MODULE(VitBlock);

torch::nn::LayerNorm layer_norm(int64_t dim);

}  // namespace mra
