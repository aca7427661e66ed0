#pragma once

#include <cstdint>
#include <vector>

namespace mra {

/// The fine-grained static saliency of Montabone and Soto (2010) as OpenCV computes it: differences
/// between each pixel and the mean of windows of six sizes around it, brighter and darker ones
/// apart. `bgr` [height, width, 3]; gives [height, width], with the wrap-around of that code.
std::vector<uint8_t> fine_grained_saliency(const uint8_t* bgr, int height, int width);

}  // namespace mra
