#include "harness/model/mae.h"

#include <cmath>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/model/vit_block.h"

namespace mra {

namespace nn = torch::nn;

/// Patches to tokens: a convolution whose stride is its side.
class PatchEmbedImpl : public nn::Module {
 public:
  PatchEmbedImpl(int64_t patch_px, int64_t dim)
      : proj(register_module("proj",
                             nn::Conv2d(nn::Conv2dOptions(3, dim, patch_px).stride(patch_px)))) {}

  torch::Tensor forward(const torch::Tensor& images) {  // [N,3,H,W] -> [N,L,D]
    return proj(images).flatten(2).transpose(1, 2);
  }

  nn::Conv2d proj;
};

MaeOptions read_mae_options(SpecReader spec) {
  MaeOptions options;
  spec.one_of("name", {"mae"});
  options.image_px = spec.in_range<int64_t>("image_px", options.image_px, 1, 4096);
  options.patch_px = spec.in_range<int64_t>("patch_px", options.patch_px, 1, 512);
  options.dim = spec.in_range<int64_t>("dim", options.dim, 4, 16384);
  options.depth = spec.in_range<int64_t>("depth", options.depth, 1, 256);
  options.heads = spec.in_range<int64_t>("heads", options.heads, 1, 256);
  options.decoder_dim = spec.in_range<int64_t>("decoder_dim", options.decoder_dim, 4, 16384);
  options.decoder_depth = spec.in_range<int64_t>("decoder_depth", options.decoder_depth, 1, 256);
  options.decoder_heads = spec.in_range<int64_t>("decoder_heads", options.decoder_heads, 1, 256);
  options.mlp_ratio = spec.in_range("mlp_ratio", options.mlp_ratio, 0.1, 64.0);
  options.norm_pix = spec.optional("norm_pix", options.norm_pix);
  spec.reject_unread_keys();
  const auto must_divide = [&](const char* key, int64_t divisor, int64_t whole) {
    check(whole % divisor == 0, ErrorKind::kUsage, spec.where(key),
          fmt::format("{} does not divide {}", divisor, whole), "choose sizes that divide evenly");
  };
  must_divide("patch_px", options.patch_px, options.image_px);
  must_divide("heads", options.heads, options.dim);
  must_divide("decoder_heads", options.decoder_heads, options.decoder_dim);
  must_divide("dim", 4, options.dim);
  must_divide("decoder_dim", 4, options.decoder_dim);
  return options;
}

int64_t kept_count(int64_t patches, double hidden_frac) {
  return int64_t(double(patches) * (1 - hidden_frac));
}

torch::Tensor sincos_positions(int64_t dim, int64_t grid) {
  const int64_t quarter = dim / 4;
  const auto frequency = torch::pow(10000.0, -torch::arange(quarter, torch::kFloat64) / quarter);
  const auto angles = torch::arange(grid, torch::kFloat64).unsqueeze(1) * frequency;  // [G,D/4]
  const auto waves = torch::cat({angles.sin(), angles.cos()}, 1);                     // [G,D/2]
  const auto columns = waves.unsqueeze(0).expand({grid, grid, dim / 2});
  const auto rows = waves.unsqueeze(1).expand({grid, grid, dim / 2});
  const auto patches = torch::cat({columns, rows}, 2).reshape({grid * grid, dim});  // column first
  return torch::cat({torch::zeros({1, dim}, torch::kFloat64), patches}).to(torch::kFloat32);
}

/// MAE's own: Xavier-uniform matrices, zero biases, tokens of standard deviation 0.02. The bias of
/// the patch convolution keeps its default.
static void initialise(nn::Module& model, PatchEmbedImpl& patch_embed, torch::Tensor cls_token,
                       torch::Tensor mask_token) {
  const torch::NoGradGuard no_grad;
  for (const auto& module : model.modules(/*include_self=*/false))
    if (auto* linear = module->as<nn::LinearImpl>()) {
      nn::init::xavier_uniform_(linear->weight);
      nn::init::zeros_(linear->bias);
    }
  auto matrix = patch_embed.proj->weight.view({patch_embed.proj->weight.size(0), -1});
  nn::init::xavier_uniform_(matrix);
  cls_token.normal_(0, 0.02);
  mask_token.normal_(0, 0.02);
}

MaskedAutoencoderImpl::MaskedAutoencoderImpl(const MaeOptions& options) : options_(options) {
  const int64_t grid = options.image_px / options.patch_px;
  const int64_t patch_values = 3 * options.patch_px * options.patch_px;
  cls_token = register_parameter("cls_token", torch::zeros({1, 1, options.dim}));
  mask_token = register_parameter("mask_token", torch::zeros({1, 1, options.decoder_dim}));
  pos_embed = register_parameter("pos_embed", sincos_positions(options.dim, grid).unsqueeze(0),
                                 /*requires_grad=*/false);
  decoder_pos_embed = register_parameter(
      "decoder_pos_embed", sincos_positions(options.decoder_dim, grid).unsqueeze(0), false);
  patch_embed = register_module("patch_embed",
                                std::make_shared<PatchEmbedImpl>(options.patch_px, options.dim));
  for (int64_t i = 0; i < options.depth; ++i)
    blocks->push_back(VitBlock(options.dim, options.heads, options.mlp_ratio));
  register_module("blocks", blocks);
  norm = register_module("norm", layer_norm(options.dim));
  decoder_embed = register_module("decoder_embed", nn::Linear(options.dim, options.decoder_dim));
  for (int64_t i = 0; i < options.decoder_depth; ++i)
    decoder_blocks->push_back(
        VitBlock(options.decoder_dim, options.decoder_heads, options.mlp_ratio));
  register_module("decoder_blocks", decoder_blocks);
  decoder_norm = register_module("decoder_norm", layer_norm(options.decoder_dim));
  decoder_pred = register_module("decoder_pred", nn::Linear(options.decoder_dim, patch_values));
  initialise(*this, *patch_embed, cls_token, mask_token);
}

torch::Tensor MaskedAutoencoderImpl::patchify(const torch::Tensor& images) const {
  const int64_t p = options_.patch_px, grid = images.size(2) / p;
  return images.reshape({images.size(0), 3, grid, p, grid, p})
      .permute({0, 2, 4, 3, 5, 1})
      .reshape({images.size(0), grid * grid, p * p * 3});
}

torch::Tensor MaskedAutoencoderImpl::unpatchify(const torch::Tensor& patches) const {
  const int64_t p = options_.patch_px, grid = options_.image_px / p;
  return patches.reshape({patches.size(0), grid, grid, p, p, 3})
      .permute({0, 5, 1, 3, 2, 4})
      .reshape({patches.size(0), 3, grid * p, grid * p});
}

torch::Tensor MaskedAutoencoderImpl::embed(const torch::Tensor& images) {
  return patch_embed->forward(images) + pos_embed.narrow(1, 1, options_.patches());
}

/// The class token, with its position, before `tokens`.
static torch::Tensor with_class_token(const torch::Tensor& cls_token, const torch::Tensor& position,
                                      const torch::Tensor& tokens) {
  const auto first = (cls_token + position).expand({tokens.size(0), 1, tokens.size(2)});
  return torch::cat({first.to(tokens.scalar_type()), tokens}, 1);
}

/// Rows of `tokens` [N,T,D] at `index` [N,K] -> [N,K,D].
static torch::Tensor gather_tokens(const torch::Tensor& tokens, const torch::Tensor& index) {
  return tokens.gather(1,
                       index.unsqueeze(2).expand({index.size(0), index.size(1), tokens.size(2)}));
}

torch::Tensor MaskedAutoencoderImpl::encode(const torch::Tensor& embedded,
                                            const torch::Tensor& kept) {
  auto tokens =
      with_class_token(cls_token, pos_embed.narrow(1, 0, 1), gather_tokens(embedded, kept));
  for (const auto& block : *blocks) tokens = block->as<VitBlock>()->forward(tokens);
  return norm(tokens);
}

torch::Tensor MaskedAutoencoderImpl::decode(const torch::Tensor& latent,
                                            const torch::Tensor& ids_restore) {
  const auto tokens = decoder_embed(latent);
  const int64_t n = tokens.size(0), kept = tokens.size(1) - 1, patches = ids_restore.size(1);
  const auto fill = mask_token.to(tokens.scalar_type()).expand({n, patches - kept, tokens.size(2)});
  const auto shuffled = torch::cat({tokens.narrow(1, 1, kept), fill}, 1);
  const auto ordered =
      torch::cat({tokens.narrow(1, 0, 1), gather_tokens(shuffled, ids_restore)}, 1);
  auto x = ordered + decoder_pos_embed;
  for (const auto& block : *decoder_blocks) x = block->as<VitBlock>()->forward(x);
  return decoder_pred(decoder_norm(x)).narrow(1, 1, patches);
}

/// Softmax over all columns, class token first, of each head: [N,H,L] for the patches.
static torch::Tensor head_attention(SelfAttentionImpl& attention, const torch::Tensor& tokens) {
  const auto [query, keys] = attention.class_query(tokens);
  const int64_t n = keys.size(0), heads = attention.heads(), width = keys.size(2) / heads;
  const auto all_keys = torch::cat({attention.class_key(tokens).unsqueeze(1), keys}, 1);
  const auto q = query.view({n, heads, 1, width});
  const auto k = all_keys.view({n, keys.size(1) + 1, heads, width}).permute({0, 2, 3, 1});
  const auto logits = torch::matmul(q, k).squeeze(2) / std::sqrt(double(width));  // [N,H,1+L]
  return logits.softmax(2).narrow(2, 1, keys.size(1));
}

static torch::Tensor reduce_attention(SelfAttentionImpl& attention, const torch::Tensor& tokens,
                                      const std::string& reduce) {
  if (reduce == "dot_sum") {
    const auto [query, keys] = attention.class_query(tokens);
    return torch::matmul(keys, query.unsqueeze(2)).squeeze(2);
  }
  const auto heads = head_attention(attention, tokens);
  if (reduce == "mean_softmax") return heads.mean(1);
  if (reduce == "max_softmax") return heads.amax(1);
  const int64_t head = std::stoll(reduce.substr(reduce.find(':') + 1));
  return heads.select(1, head);
}

torch::Tensor MaskedAutoencoderImpl::attention(const torch::Tensor& embedded,
                                               const AttentionScore& score) {
  const int64_t last = score.block < 0 ? options_.depth + score.block : score.block;
  auto tokens = with_class_token(cls_token, pos_embed.narrow(1, 0, 1), embedded);
  for (int64_t i = 0; i < last; ++i) tokens = blocks[size_t(i)]->as<VitBlock>()->forward(tokens);
  auto& block = *blocks[size_t(last)]->as<VitBlock>();
  return reduce_attention(*block.attn, block.norm1(tokens), score.reduce);
}

MaskedAutoencoderImpl::Forward MaskedAutoencoderImpl::forward(const torch::Tensor& images,
                                                              const torch::Tensor& noise,
                                                              double hidden_frac) {
  const int64_t patches = options_.patches(), kept = kept_count(patches, hidden_frac);
  const auto order = noise.argsort(/*stable=*/true, /*dim=*/1);
  Forward result;
  result.ids_restore = order.argsort(/*stable=*/true, 1);
  result.hidden = result.ids_restore.ge(kept).to(torch::kFloat32);
  result.latent = encode(embed(images), order.narrow(1, 0, kept));
  result.pred = decode(result.latent, result.ids_restore);
  auto target = patchify(images);
  if (options_.norm_pix)
    target =
        (target - target.mean(2, true)) / (target.var(2, /*unbiased=*/true, true) + 1e-6).sqrt();
  const auto per_patch = (result.pred.to(torch::kFloat32) - target).square().mean(2);
  result.loss = (per_patch * result.hidden).sum() / result.hidden.sum();
  return result;
}

}  // namespace mra
