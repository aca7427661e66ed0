#pragma once

#include "harness/model/classifier.h"

namespace mra {

/// Where in a picture a classifier sees a class. Shapes: N pictures of H×W, C classes, last feature
/// maps of h×w.
struct GradCam {
  torch::Tensor logits;  // [N,C]
  torch::Tensor cam;     // [N,h,w], not negative
  torch::Tensor map;     // [N,H,W], cam scaled to 0 … 1 and enlarged bilinearly
};

/// Computes Grad-CAM (Selvaraju et al. 2017) of the last feature maps in evaluation mode. Leaves
/// the network's mode and gradients unchanged. `labels` [N] i64: the class to explain in each
/// picture; -1, or no labels at all, means the class with the highest logit.
GradCam grad_cam(ClassifierImpl& network, const torch::Tensor& images,
                 const torch::Tensor& labels = {});

}  // namespace mra
