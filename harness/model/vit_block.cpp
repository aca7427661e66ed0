#include "harness/model/vit_block.h"

#include "harness/model/attention.h"

namespace mra {

namespace nn = torch::nn;

nn::LayerNorm layer_norm(int64_t dim) {
  return nn::LayerNorm(nn::LayerNormOptions({dim}).eps(kLayerNormEps));
}

SelfAttentionImpl::SelfAttentionImpl(int64_t dim, int64_t heads) : dim_(dim), heads_(heads) {
  qkv = register_module("qkv", Linear(dim, 3 * dim));
  proj = register_module("proj", Linear(dim, dim));
}

torch::Tensor SelfAttentionImpl::forward(const torch::Tensor& tokens) {
  const auto all = qkv(tokens).split_with_sizes({dim_, 2 * dim_}, 2);
  return proj(attention(all[0], all[1], heads_));
}

torch::Tensor SelfAttentionImpl::tail(const torch::Tensor& tokens, int64_t count) {
  const auto query = parts(tokens.narrow(1, tokens.size(1) - count, count), 0, 1);
  return proj(attention(query, parts(tokens, 1, 2), heads_));
}

torch::Tensor SelfAttentionImpl::class_logits(const torch::Tensor& tokens, int64_t heads) {
  // fp32 costs little here, and bf16 rounding would reorder patches with nearly equal scores.
  const c10::impl::ExcludeDispatchKeyGuard fp32(c10::autocast_dispatch_keyset);
  const int64_t n = tokens.size(0), width = dim_ / heads;
  const auto x = tokens.to(torch::kFloat32);
  const auto query = parts(x.select(1, 0), 0, 1).view({n, heads, width}).transpose(0, 1);
  const auto key_weight = qkv->weight.narrow(0, dim_, dim_).view({heads, width, dim_});
  const auto key_bias = qkv->bias.narrow(0, dim_, dim_).view({heads, width, 1});
  const auto folded = torch::bmm(query, key_weight).transpose(0, 1);  // [N,H,D]
  const auto constant = torch::bmm(query, key_bias).transpose(0, 1);  // [N,H,1]
  return torch::baddbmm(constant, folded, x.transpose(1, 2));
}

/// `count` of (query, key, value), starting with number `first`: [N,…,D] -> [N,…,count·D].
torch::Tensor SelfAttentionImpl::parts(const torch::Tensor& tokens, int64_t first, int64_t count) {
  return linear(tokens, qkv->weight.narrow(0, first * dim_, count * dim_),
                qkv->bias.narrow(0, first * dim_, count * dim_));
}

MlpImpl::MlpImpl(int64_t dim, int64_t hidden) {
  fc1 = register_module("fc1", Linear(dim, hidden));
  fc2 = register_module("fc2", Linear(hidden, dim));
}

torch::Tensor MlpImpl::forward(const torch::Tensor& tokens) {
  return fc2(linear_gelu(tokens, fc1->weight, fc1->bias));
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

torch::Tensor VitBlockImpl::tail(const torch::Tensor& tokens, int64_t count) {
  const auto attended =
      tokens.narrow(1, tokens.size(1) - count, count) + attn->tail(norm1(tokens), count);
  return attended + mlp(norm2(attended));
}

}  // namespace mra
