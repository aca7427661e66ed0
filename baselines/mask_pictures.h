#pragma once

#include <string>
#include <vector>

#include "baselines/augment/mra_augment.h"
#include "harness/data/picture_grid.h"
#include "harness/model/classifier.h"

namespace mra {

/// Figure 2: what each masking strategy hides of pictures, what the augmentor paints in its place
/// and where a classifier then looks. Three rows a picture (masked, reconstruction, Grad-CAM) and a
/// column for each of low, high and random; before them the picture as it is, the augmentor's
/// attention on it and its Grad-CAM. Of `options`, hide, compose, reconstruct and prob do not
/// matter. `images` [N,3,H,W], normalised as `options` says, on the networks' device. `labels`: the
/// class that Grad-CAM looks for, of each picture; -1: the one predicted. `names` stand below the
/// pictures, one each. A picture's random patches follow from the seed and its place in the batch,
/// and nothing else depends on the other pictures. `class_names`: by class; none: numbers.
PictureGrid mask_pictures(MaskedAutoencoder& augmentor, const MraOptions& options,
                          ClassifierImpl& classifier, const torch::Tensor& images,
                          const std::vector<int64_t>& labels, const std::vector<std::string>& names,
                          uint64_t seed, const std::vector<std::string>& class_names = {});

}  // namespace mra
