#pragma once

#include <cstdint>
#include <vector>

namespace mra {

/// The fine-grained static saliency of Montabone and Soto (2010) as OpenCV computes it: differences
/// between each pixel and the mean of windows of six sizes around it, brighter and darker ones
/// apart. `bgr` [height, width, 3]; gives [height, width], with the wrap-around of that code.
std::vector<uint8_t> fine_grained_saliency(const uint8_t* bgr, int height, int width);

/// What that code gives for a picture of floats, which it takes for bytes: of each row the first
/// `width` bytes stand for its pixels. `rgb` [height, width, 3] f32, any range; red is taken for
/// blue. Follows the last bit of OpenCV's grey values, which may differ between its builds.
std::vector<uint8_t> saliency_of_float_bytes(const float* rgb, int height, int width);

}  // namespace mra
