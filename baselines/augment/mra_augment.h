#pragma once

#include <array>
#include <string>

#include "harness/model/mae.h"

namespace mra {

/// The choices of MRA; those the paper leaves open carry the default decided for them.
struct MraOptions {
  std::string hide = "low";  ///< low, high: by attention; random
  double hidden_frac = 0.4;  ///< of the patches; default: that of the augmentor's pretraining
  AttentionScore score;      ///< "attn_reduce", "attn_block"
  bool reconstruct = true;   ///< false: hidden patches stay empty (Table 8, "MRA Mask")
  std::string mask_fill = "norm_zero";  ///< of empty patches: norm_zero, black
  std::string compose = "paste";        ///< paste: seen patches stay as they are; decoder_all
  bool clip = false;                    ///< limit the result to valid pixels
  std::string denorm = "none";          ///< of an augmentor with normalised patches: gt
  double prob = 1;                      ///< of each picture to be changed
  std::array<float, 3> mean{0.485f, 0.456f, 0.406f};  ///< of the pictures' normalisation
  std::array<float, 3> std{0.229f, 0.224f, 0.225f};
};

/// What MRA did to a batch. Shapes: N pictures, L patches, K kept ones, P values of a patch.
struct MraResult {
  torch::Tensor kept;            // [N,K] i64, in rank order
  torch::Tensor hidden;          // [N,L] f32, 1 = hidden
  torch::Tensor pred;            // [N,L,P], only when all is composed of it (decoder_all)
  torch::Tensor reconstruction;  // [N,3,H,W], likewise: pred as a picture
  torch::Tensor output;          // [N,3,H,W]
};

/// Masks the patches the option `hide` chooses and lets the augmentor repaint them (the paper's
/// Section 3). No gradients are recorded. `noise` [N,L] chooses when `hide` is random.
MraResult mra_augment(MaskedAutoencoder& augmentor, const torch::Tensor& images,
                      const MraOptions& options, const torch::Tensor& noise = {});

}  // namespace mra
