#pragma once

#include <filesystem>

#include "baselines/augment/mra_fit.h"
#include "harness/model/mae.h"

namespace mra {

/// A frozen augmentor and the hidden fraction of its pretraining.
struct Pretrained {
  MaskedAutoencoder model{nullptr};
  double hidden_frac = 0;
  PictureForm form;       ///< of the pictures it was pretrained on
  bool can_paint = true;  ///< false: the file holds an encoder only, which can score patches
};

/// Reads an augmentor, in evaluation mode on the CPU. Weights that a pretraining of this program
/// wrote say their model and hidden fraction. Those with the names of the MAE authors' code do not:
/// sizes follow from their shapes, and `given`, an object, tells what no shape shows: "heads" and
/// "decoder_heads" (default: those of the authors' Base, Large and Huge), "norm_pix" (no default:
/// whether it predicts normalised patches, as all of the authors' but the "visualize" files do) and
/// "hidden_frac" (0.75, the authors'). An Error says what does not fit, and where.
/// `size_px` other than 0: for pictures of that size, with positions of a grid to match.
Pretrained read_augmentor(const std::filesystem::path& path, SpecReader given, int64_t size_px = 0);

/// Side of the input pictures of a file's augmentor, in pixels.
int augmentor_size_px(const std::filesystem::path& path);

}  // namespace mra
