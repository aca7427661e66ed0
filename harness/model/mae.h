#pragma once

#include <map>
#include <memory>
#include <string>

#include <torch/torch.h>

#include "harness/model/linear.h"
#include "harness/spec/spec_reader.h"

namespace mra {

/// Sizes of a masked autoencoder; names as in the golden cases.
struct MaeOptions {
  int64_t image_px = 224;
  int64_t patch_px = 16;
  int64_t dim = 768, depth = 12, heads = 12;  ///< encoder
  int64_t decoder_dim = 512, decoder_depth = 8, decoder_heads = 16;
  double mlp_ratio = 4;
  bool norm_pix = false;  ///< predicts patches normalised by their own mean and variance

  int64_t patches() const { return (image_px / patch_px) * (image_px / patch_px); }
};

/// Returns the metadata of an augmentor's weight file: its "model" object, and the fraction of
/// patches that was hidden in its training.
std::map<std::string, std::string> augmentor_metadata(const Json& model, double hidden_frac);

MaeOptions read_mae_options(SpecReader options);

/// Returns how many of `patches` stay visible when `hidden_frac` is hidden, rounded down as in MAE.
int64_t kept_count(int64_t patches, double hidden_frac);

/// How to score patches by the class token's attention. `reduce` combines the heads: "dot_sum",
/// "mean_softmax", "max_softmax" or "head:i". `block`: negative ones count from the last.
struct AttentionScore {
  std::string reduce = "dot_sum";
  int64_t block = -1;
};

class PatchEmbedImpl;

/// Masked autoencoder (He et al. 2022) with the authors' state-dict names, initialisation and
/// position table. One class serves Tiny to Large.
/// Shapes: N pictures, L patches, K kept (visible) patches, D encoder width, Dd decoder width,
/// P = 3·patch_px² values of a patch.
class MaskedAutoencoderImpl : public torch::nn::Module {
 public:
  explicit MaskedAutoencoderImpl(const MaeOptions& options);

  const MaeOptions& options() const { return options_; }

  torch::Tensor patchify(
      const torch::Tensor& images) const;  // [N,3,H,W] -> [N,L,P], channels innermost
  torch::Tensor unpatchify(const torch::Tensor& patches) const;  // [N,L,P] -> [N,3,H,W]

  /// Patch embeddings plus position embeddings, without the class token.
  torch::Tensor embed(const torch::Tensor& images);  // [N,3,H,W] -> [N,L,D]

  /// Encoder output: the class token, then the kept patches in the order of `kept`.
  torch::Tensor encode(const torch::Tensor& embedded,  // [N,L,D], from embed()
                       const torch::Tensor& kept);     // [N,K] i64 -> [N,1+K,D]

  /// Pixel prediction of every patch.
  torch::Tensor decode(const torch::Tensor& latent,        // [N,1+K,D]
                       const torch::Tensor& ids_restore);  // [N,L] i64 -> [N,L,P]

  /// Pixel prediction of the hidden patches only, which are the last L-K of `order`. Faster than
  /// decode(), because the last block computes no output for visible patches.
  torch::Tensor decode_hidden(const torch::Tensor& latent,  // [N,1+K,D]
                              const torch::Tensor& order);  // [N,L] i64 -> [N,L-K,P]

  /// How much the class token attends to each patch (Eq. 1 of the paper) when no patch is hidden.
  /// In the scored block, only the attention is computed.
  torch::Tensor attention(const torch::Tensor& embedded, const AttentionScore& score);  // [N,L]

  struct Forward {
    torch::Tensor latent;       // [N,1+K,D]
    torch::Tensor hidden;       // [N,L] f32, 1 = hidden
    torch::Tensor ids_restore;  // [N,L] i64
    torch::Tensor pred;         // [N,L,P]
    torch::Tensor loss;         // scalar, mean over hidden patches
  };
  /// Forward pass of MAE's training: the kept patches are those with the smallest `noise` [N,L].
  Forward forward(const torch::Tensor& images, const torch::Tensor& noise, double hidden_frac);

  /// Only forward().loss, a scalar, computed with less work: what training needs.
  torch::Tensor loss(const torch::Tensor& images, const torch::Tensor& noise, double hidden_frac);

 private:
  torch::Tensor with_class_token(const torch::Tensor& tokens) const;  // [N,K,D] -> [N,1+K,D]
  torch::Tensor encode_tokens(const torch::Tensor& embedded);         // [N,K,D] -> [N,1+K,D]
  torch::Tensor target(const torch::Tensor& patches) const;           // [N,K,P] -> same

  MaeOptions options_;
  torch::Tensor cls_token, mask_token;         // [1,1,D], [1,1,Dd]
  torch::Tensor pos_embed, decoder_pos_embed;  // [1,1+L,D], [1,1+L,Dd], fixed
  std::shared_ptr<PatchEmbedImpl> patch_embed;
  torch::nn::ModuleList blocks, decoder_blocks;  // of VitBlock
  torch::nn::LayerNorm norm{nullptr}, decoder_norm{nullptr};
  Linear decoder_embed{nullptr}, decoder_pred{nullptr};
};
TORCH_MODULE(MaskedAutoencoder);

/// Selects tokens by `index` in each picture: tokens [N,T,D], index [N,K] i64 -> [N,K,D].
torch::Tensor gather_tokens(const torch::Tensor& tokens, const torch::Tensor& index);

/// Returns the fixed sine-cosine position embeddings [1+grid², dim] f32, computed in double. The
/// first row, for the class token, is zero.
torch::Tensor sincos_positions(int64_t dim, int64_t grid);

}  // namespace mra
