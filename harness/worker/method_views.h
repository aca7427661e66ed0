#pragma once

#include <string>
#include <vector>

#include "harness/tasks/catalog.h"

namespace mra {

/// Pictures that show how a method works, beside what it makes.
struct MethodView {
  std::string title;
  torch::Tensor pictures;  // [N,3,H,W] f32 within 0 … 1
};

/// MRA: attention, mask and reconstruction; SaliencyMix and Puzzle Mix: the saliency. Nothing for
/// the others. `images` [N,3,H,W], normalised as the context says.
std::vector<MethodView> method_views(const std::string& method, const SpecReader& options,
                                     const MethodContext& context, const torch::Tensor& images);

/// Whether it needs two pictures or more to do anything.
bool mixes(const std::string& method);

/// For a method that asks for gradients where no network is trained: the fine-grained saliency of
/// each picture in their place. Shapes as MethodContext::input_gradient.
torch::Tensor saliency_as_gradient(const MethodContext& context, const torch::Tensor& images);

}  // namespace mra
