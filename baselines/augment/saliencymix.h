#pragma once

#include <array>
#include <utility>
#include <vector>

#include "baselines/augment/mixing.h"
#include "harness/data/input.h"

namespace mra {

/// Converts a normalised picture back to its bytes, blue first: [3,H,W] f32 -> [H,W,3].
std::vector<uint8_t> to_bgr_bytes(const torch::Tensor& image, const std::array<float, 3>& mean,
                                  const std::array<float, 3>& std);

/// Fine-grained saliency of normalised pictures: [N,3,H,W] f32 -> [N,H,W] f32, 0 … 255.
torch::Tensor saliency_maps(const torch::Tensor& images, const InputOptions& input);

/// Views that show the saliency of each picture.
BatchTransform::Views saliency_views(const InputOptions& input);

/// Reorders the normalised floats of a picture pixel by pixel: [3,H,W] f32 -> [H,W,3].
std::vector<float> to_pixels(const torch::Tensor& image);

/// Returns {row, column} of the largest value, the first among equals row by row.
std::pair<int64_t, int64_t> first_peak(const std::vector<uint8_t>& map, int64_t width);

/// The input of the saliency.
enum class SaliencyInput {
  kPicture,     ///< the picture, as the paper says
  kFloatBytes,  ///< the bytes of its normalised floats, as the released code does by mistake
};

/// {row, column} of the most salient pixel of a picture [3,H,W] f32, normalised as `input` says.
std::pair<int64_t, int64_t> most_salient(const torch::Tensor& image, const InputOptions& input,
                                         SaliencyInput looked_at);

}  // namespace mra
