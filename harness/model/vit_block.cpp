#include "harness/model/vit_block.h"

namespace mra {

namespace nn = torch::nn;

nn::LayerNorm layer_norm(int64_t dim) {
  return nn::LayerNorm(nn::LayerNormOptions({dim}).eps(kLayerNormEps));
}

SelfAttentionImpl::SelfAttentionImpl(int64_t dim, int64_t heads) : dim_(dim), heads_(heads) {
  qkv = register_module("qkv", nn::Linear(dim, 3 * dim));
  proj = register_module("proj", nn::Linear(dim, dim));
}

torch::Tensor SelfAttentionImpl::forward(const torch::Tensor& tokens) {
  const int64_t n = tokens.size(0), t = tokens.size(1);
  const auto parts =
      qkv(tokens).view({n, t, 3, heads_, dim_ / heads_}).permute({2, 0, 3, 1, 4});  // [3,N,H,T,d]
  const auto mixed = at::scaled_dot_product_attention(parts[0], parts[1], parts[2]);
  return proj(mixed.transpose(1, 2).reshape({n, t, dim_}));
}

torch::Tensor SelfAttentionImpl::part(const torch::Tensor& tokens, int64_t which) {
  return torch::linear(tokens, qkv->weight.narrow(0, which * dim_, dim_),
                       qkv->bias.narrow(0, which * dim_, dim_));
}

SelfAttentionImpl::ClassQuery SelfAttentionImpl::class_query(const torch::Tensor& tokens) {
  return {part(tokens.select(1, 0), 0), part(tokens.narrow(1, 1, tokens.size(1) - 1), 1)};
}

torch::Tensor SelfAttentionImpl::class_key(const torch::Tensor& tokens) {
  return part(tokens.select(1, 0), 1);
}

MlpImpl::MlpImpl(int64_t dim, int64_t hidden) {
  fc1 = register_module("fc1", nn::Linear(dim, hidden));
  fc2 = register_module("fc2", nn::Linear(hidden, dim));
}

torch::Tensor MlpImpl::forward(const torch::Tensor& tokens) {
  return fc2(torch::gelu(fc1(tokens)));
}

VitBlockImpl::VitBlockImpl(int64_t dim, int64_t heads, double mlp_ratio) {
  norm1 = register_module("norm1", layer_norm(dim));
  attn = register_module("attn", SelfAttention(dim, heads));
  norm2 = register_module("norm2", layer_norm(dim));
  mlp = register_module("mlp", Mlp(dim, int64_t(double(dim) * mlp_ratio)));
}

torch::Tensor VitBlockImpl::forward(const torch::Tensor& tokens) {
  const auto attended = tokens + attn(norm1(tokens));
  return attended + mlp(norm2(attended));
}

}  // namespace mra
