#pragma once

#include <string>
#include <vector>

#include "baselines/augment/mra_augment.h"
#include "harness/data/picture_grid.h"
#include "harness/model/classifier.h"

namespace mra {

/// Figure 2: what each masking strategy hides, what the augmentor reconstructs in its place, and
/// Grad-CAM of a classifier on the result. Each picture has three rows (masked, reconstruction,
/// Grad-CAM). The first column shows the picture, the augmentor's attention and Grad-CAM; the
/// others are low, high and random. The values of hide, compose, reconstruct and prob in `options`
/// are ignored. `images` [N,3,H,W], normalised as `options` says, on the networks' device.
/// `labels`: the class that Grad-CAM explains in each picture; -1: the predicted one. `names`: a
/// caption for each picture. The random patches of a picture depend on the seed and its position in
/// the batch only. `class_names`: by class; if empty, numbers are shown.
PictureGrid mask_pictures(MaskedAutoencoder& augmentor, const MraOptions& options,
                          ClassifierImpl& classifier, const torch::Tensor& images,
                          const std::vector<int64_t>& labels, const std::vector<std::string>& names,
                          uint64_t seed, const std::vector<std::string>& class_names = {});

}  // namespace mra
