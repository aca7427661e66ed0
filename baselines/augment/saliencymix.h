#pragma once

#include <array>
#include <utility>
#include <vector>

#include "baselines/augment/mixing.h"
#include "harness/data/input.h"

namespace mra {

/// Normalised pictures as the bytes they came from, blue first: [3,H,W] f32 -> [H,W,3].
std::vector<uint8_t> to_bgr_bytes(const torch::Tensor& image, const std::array<float, 3>& mean,
                                  const std::array<float, 3>& std);

/// Fine-grained saliency of normalised pictures: [N,3,H,W] f32 -> [N,H,W] f32, 0 … 255.
torch::Tensor saliency_maps(const torch::Tensor& images, const InputOptions& input);

/// The saliency of each picture, for people.
BatchTransform::Views saliency_views(const InputOptions& input);

/// The normalised floats of a picture, pixel by pixel: [3,H,W] f32 -> [H,W,3].
std::vector<float> to_pixels(const torch::Tensor& image);

/// {row, column} of the largest value, the first of equals row by row.
std::pair<int64_t, int64_t> first_peak(const std::vector<uint8_t>& map, int64_t width);

/// What of a picture is looked at.
enum class SaliencyInput {
  kPicture,     ///< the picture, as the paper says
  kFloatBytes,  ///< the bytes of its normalised floats, as the released code does by mistake
};

/// {row, column} of the most salient place of a picture, [3,H,W] f32, normalised as `input` says.
std::pair<int64_t, int64_t> most_salient(const torch::Tensor& image, const InputOptions& input,
                                         SaliencyInput looked_at);

}  // namespace mra
