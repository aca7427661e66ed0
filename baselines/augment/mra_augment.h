#pragma once

#include <array>
#include <string>

#include "harness/model/mae.h"

namespace mra {

/// The options of MRA. Defaults that the paper does not give are this project's decisions.
struct MraOptions {
  std::string hide = "low";  ///< low, high: by attention; random
  double hidden_frac = 0.4;  ///< of the patches; default: that of the augmentor's pretraining
  AttentionScore score;      ///< "attn_reduce", "attn_block"
  bool reconstruct = true;   ///< false: hidden patches stay empty (Table 8, "MRA Mask")
  std::string mask_fill = "norm_zero";  ///< of empty patches: norm_zero, black
  std::string compose = "paste";        ///< paste: visible patches stay; decoder_all: none stays
  bool clip = false;                    ///< limit the result to valid pixels
  std::string denorm = "none";          ///< gt: for an augmentor that predicts normalised patches
  double prob = 1;                      ///< probability that a picture is changed
  std::array<float, 3> mean{0.485f, 0.456f, 0.406f};  ///< of the pictures' normalisation
  std::array<float, 3> std{0.229f, 0.224f, 0.225f};
};

/// MRA's result for a batch. Shapes: N pictures, L patches, K kept ones, P values of a patch.
struct MraResult {
  torch::Tensor kept;            // [N,K] i64, in rank order
  torch::Tensor hidden;          // [N,L] f32, 1 = hidden
  torch::Tensor pred;            // [N,L,P], only with compose "decoder_all"
  torch::Tensor reconstruction;  // [N,3,H,W], likewise: pred as a picture
  torch::Tensor output;          // [N,3,H,W]
};

/// Hides the patches that the option `hide` chooses and lets the augmentor reconstruct them (the
/// paper's Section 3). No gradients are recorded. `noise` [N,L] chooses them when `hide` is random.
MraResult mra_augment(MaskedAutoencoder& augmentor, const torch::Tensor& images,
                      const MraOptions& options, const torch::Tensor& noise = {});

}  // namespace mra
