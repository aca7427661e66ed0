#include "harness/model/mae.h"

#include <cmath>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/model/vit_block.h"

namespace mra {

namespace nn = torch::nn;

/// Patches to tokens. Its weights have the name and shape of a convolution, as in MAE; because the
/// stride equals the kernel side, a matrix product computes it.
class PatchEmbedImpl : public nn::Module {
 public:
  PatchEmbedImpl(int64_t patch_px, int64_t dim)
      : proj(register_module("proj",
                             nn::Conv2d(nn::Conv2dOptions(3, dim, patch_px).stride(patch_px)))) {}

  torch::Tensor forward(const torch::Tensor& patches) {  // [N,K,P] -> [N,K,D]
    return linear(patches, proj->weight.permute({0, 2, 3, 1}).flatten(1), proj->bias);
  }

  nn::Conv2d proj;
};

std::map<std::string, std::string> augmentor_metadata(const Json& model, double hidden_frac) {
  return {{"model", model.dump()}, {"hidden_frac", Json(hidden_frac).dump()}};
}

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

/// MAE's initialisation: Xavier-uniform matrices, zero biases, class and mask token normal with
/// standard deviation 0.02. The bias of the patch convolution keeps LibTorch's default.
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
  decoder_embed = register_module("decoder_embed", Linear(options.dim, options.decoder_dim));
  for (int64_t i = 0; i < options.decoder_depth; ++i)
    decoder_blocks->push_back(
        VitBlock(options.decoder_dim, options.decoder_heads, options.mlp_ratio));
  register_module("decoder_blocks", decoder_blocks);
  decoder_norm = register_module("decoder_norm", layer_norm(options.decoder_dim));
  decoder_pred = register_module("decoder_pred", Linear(options.decoder_dim, patch_values));
  initialise(*this, *patch_embed, cls_token, mask_token);
}

torch::Tensor MaskedAutoencoderImpl::patchify(const torch::Tensor& images) const {
  const int64_t n = images.size(0), p = options_.patch_px, grid = images.size(2) / p;
  return images.permute({0, 2, 3, 1})
      .reshape({n, grid, p, grid, p, 3})
      .transpose(2, 3)
      .reshape({n, grid * grid, p * p * 3});
}

torch::Tensor MaskedAutoencoderImpl::unpatchify(const torch::Tensor& patches) const {
  const int64_t n = patches.size(0), p = options_.patch_px, grid = options_.image_px / p;
  return patches.reshape({n, grid, grid, p, p, 3})
      .transpose(2, 3)
      .reshape({n, grid * p, grid * p, 3})
      .permute({0, 3, 1, 2});
}

torch::Tensor gather_tokens(const torch::Tensor& tokens, const torch::Tensor& index) {
  const int64_t n = tokens.size(0), t = tokens.size(1);
  // Copies whole rows; torch::gather() would need an index for every value.
  const auto rows = index + torch::arange(n, index.options()).unsqueeze(1) * t;
  return tokens.flatten(0, 1).index_select(0, rows.flatten()).view({n, index.size(1), -1});
}

torch::Tensor MaskedAutoencoderImpl::embed(const torch::Tensor& images) {
  return patch_embed->forward(patchify(images)) + pos_embed.narrow(1, 1, options_.patches());
}

torch::Tensor MaskedAutoencoderImpl::with_class_token(const torch::Tensor& tokens) const {
  const auto first = (cls_token + pos_embed.narrow(1, 0, 1)).to(tokens.scalar_type());
  return torch::cat({first.expand({tokens.size(0), 1, tokens.size(2)}), tokens}, 1);
}

torch::Tensor MaskedAutoencoderImpl::encode(const torch::Tensor& embedded,
                                            const torch::Tensor& kept) {
  return encode_tokens(gather_tokens(embedded, kept));
}

torch::Tensor MaskedAutoencoderImpl::encode_tokens(const torch::Tensor& embedded) {
  auto tokens = with_class_token(embedded);
  for (const auto& block : *blocks) tokens = block->as<VitBlock>()->forward(tokens);
  return norm(tokens);
}

/// `seen` (class token and visible patches), followed by mask tokens up to `count` tokens in all.
static torch::Tensor with_mask_tokens(const torch::Tensor& seen, const torch::Tensor& mask_token,
                                      int64_t count) {
  const auto mask = mask_token.to(seen.scalar_type());
  return torch::cat({seen, mask.expand({seen.size(0), count - seen.size(1), seen.size(2)})}, 1);
}

torch::Tensor MaskedAutoencoderImpl::decode(const torch::Tensor& latent,
                                            const torch::Tensor& ids_restore) {
  const int64_t patches = ids_restore.size(1);
  const auto shuffled = with_mask_tokens(decoder_embed(latent), mask_token, 1 + patches);
  const auto first = torch::zeros_like(ids_restore.narrow(1, 0, 1));
  auto tokens =
      gather_tokens(shuffled, torch::cat({first, ids_restore + 1}, 1)) + decoder_pos_embed;
  for (const auto& block : *decoder_blocks) tokens = block->as<VitBlock>()->forward(tokens);
  return decoder_pred(decoder_norm(tokens)).narrow(1, 1, patches);
}

torch::Tensor MaskedAutoencoderImpl::decode_hidden(const torch::Tensor& latent,
                                                   const torch::Tensor& order) {
  const int64_t n = order.size(0), patches = order.size(1), hidden = 1 + patches - latent.size(1);
  // Attention ignores the order of tokens, so the positions are permuted instead of the tokens.
  const auto first = torch::zeros_like(order.narrow(1, 0, 1));
  const auto positions = decoder_pos_embed[0]
                             .index_select(0, torch::cat({first, order + 1}, 1).flatten())
                             .view({n, 1 + patches, -1});
  auto tokens = with_mask_tokens(decoder_embed(latent), mask_token, 1 + patches) + positions;
  for (size_t i = 0; i + 1 < decoder_blocks->size(); ++i)
    tokens = decoder_blocks[i]->as<VitBlock>()->forward(tokens);
  tokens = decoder_blocks[decoder_blocks->size() - 1]->as<VitBlock>()->tail(tokens, hidden);
  return decoder_pred(decoder_norm(tokens));
}

/// Attention of the first token, the class token, to each of the others: [N,T,D] -> [N,T-1].
static torch::Tensor class_attention(SelfAttentionImpl& attention, const torch::Tensor& tokens,
                                     const std::string& reduce) {
  const int64_t patches = tokens.size(1) - 1, width = tokens.size(2) / attention.heads();
  if (reduce == "dot_sum")
    return attention.class_logits(tokens, 1).squeeze(1).narrow(1, 1, patches);
  const auto logits = attention.class_logits(tokens, attention.heads());
  const auto heads = (logits / std::sqrt(double(width))).softmax(2).narrow(2, 1, patches);
  if (reduce == "mean_softmax") return heads.mean(1);
  if (reduce == "max_softmax") return heads.amax(1);
  return heads.select(1, std::stoll(reduce.substr(reduce.find(':') + 1)));
}

torch::Tensor MaskedAutoencoderImpl::attention(const torch::Tensor& embedded,
                                               const AttentionScore& score) {
  const int64_t last = score.block < 0 ? options_.depth + score.block : score.block;
  auto tokens = with_class_token(embedded);
  for (int64_t i = 0; i < last; ++i) tokens = blocks[size_t(i)]->as<VitBlock>()->forward(tokens);
  auto& block = *blocks[size_t(last)]->as<VitBlock>();
  return class_attention(*block.attn, block.norm1(tokens), score.reduce);
}

torch::Tensor MaskedAutoencoderImpl::target(const torch::Tensor& patches) const {
  if (!options_.norm_pix) return patches;
  return (patches - patches.mean(2, true)) /
         (patches.var(2, /*unbiased=*/true, true) + 1e-6).sqrt();
}

MaskedAutoencoderImpl::Forward MaskedAutoencoderImpl::forward(const torch::Tensor& images,
                                                              const torch::Tensor& noise,
                                                              double hidden_frac) {
  const int64_t kept = kept_count(options_.patches(), hidden_frac);
  const auto order = noise.argsort(/*stable=*/true, /*dim=*/1);
  Forward result;
  result.ids_restore = order.argsort(/*stable=*/true, 1);
  result.hidden = result.ids_restore.ge(kept).to(torch::kFloat32);
  result.latent = encode(embed(images), order.narrow(1, 0, kept));
  result.pred = decode(result.latent, result.ids_restore);
  const auto errors = (result.pred.to(torch::kFloat32) - target(patchify(images))).square();
  result.loss = (errors.mean(2) * result.hidden).sum() / result.hidden.sum();
  return result;
}

torch::Tensor MaskedAutoencoderImpl::loss(const torch::Tensor& images, const torch::Tensor& noise,
                                          double hidden_frac) {
  const int64_t patches = options_.patches(), kept = kept_count(patches, hidden_frac);
  const auto order = noise.argsort(/*stable=*/true, /*dim=*/1);
  const auto shuffled = gather_tokens(patchify(images), order);
  const auto seen = order.narrow(1, 0, kept);
  const auto positions = pos_embed[0].index_select(0, (seen + 1).flatten());
  const auto tokens =
      patch_embed->forward(shuffled.narrow(1, 0, kept)) + positions.view({order.size(0), kept, -1});
  const auto pred = decode_hidden(encode_tokens(tokens), order);
  return torch::mse_loss(pred.to(torch::kFloat32),
                         target(shuffled.narrow(1, kept, patches - kept)));
}

}  // namespace mra
