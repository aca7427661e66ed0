#pragma once

#include <filesystem>

#include "baselines/augment/mra_fit.h"
#include "harness/model/mae.h"

namespace mra {

/// A frozen augmentor, with the hidden fraction and the picture form of its pretraining.
struct Pretrained {
  MaskedAutoencoder model{nullptr};
  double hidden_frac = 0;
  PictureForm form;       ///< of the pictures it was pretrained on
  bool can_paint = true;  ///< false: the file holds an encoder only, which can score patches
};

/// Reads an augmentor, in evaluation mode on the CPU. Weights pretrained by this program have their
/// model and hidden fraction as metadata. For weights with the names of the MAE authors' code, the
/// sizes follow from the shapes, and the object `given` adds the rest: "heads" and "decoder_heads"
/// (default: those of the authors' Base, Large and Huge); "norm_pix", whether it predicts
/// normalised patches, as in all of the authors' files but "visualize" (no default); "hidden_frac"
/// (default 0.75, the authors'). `size_px`: if not 0, the augmentor gets position embeddings for
/// pictures of this size. Throws an Error that says what does not fit, and where.
Pretrained read_augmentor(const std::filesystem::path& path, SpecReader given, int64_t size_px = 0);

/// Returns the side of the input pictures of a file's augmentor, in pixels.
int augmentor_size_px(const std::filesystem::path& path);

}  // namespace mra
