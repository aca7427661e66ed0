#pragma once

#include "harness/model/classifier.h"

namespace mra {

/// Where a classifier looks for a class. Shapes: N pictures of H×W, C classes, last feature maps of
/// h×w.
struct GradCam {
  torch::Tensor logits;  // [N,C]
  torch::Tensor cam;     // [N,h,w], not negative
  torch::Tensor map;     // [N,H,W], cam within 0 … 1, enlarged bilinearly
};

/// Grad-CAM (Selvaraju et al. 2017) of the last feature maps, the network in evaluation mode; mode
/// and gradients of the network are left as they were. `labels` [N] i64: the classes looked for; of
/// a picture whose label is -1, and of all when none are given, the class of the highest logit.
GradCam grad_cam(ClassifierImpl& network, const torch::Tensor& images,
                 const torch::Tensor& labels = {});

}  // namespace mra
