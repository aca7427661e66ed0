#pragma once

#include <cstdint>
#include <vector>

namespace mra {

/// The fine-grained static saliency of Montabone and Soto (2010) as in OpenCV: the sum of the
/// differences between a pixel and the means of windows of six sizes around it, brighter and darker
/// ones separately. `bgr` [height, width, 3] -> [height, width], with OpenCV's wrap-around.
std::vector<uint8_t> fine_grained_saliency(const uint8_t* bgr, int height, int width);

/// Returns what OpenCV computes for a picture of floats, which it reads as bytes: the first `width`
/// bytes of each row become its pixels, and red and blue are swapped. `rgb` [height, width, 3] f32,
/// any range. Depends on the last bit of OpenCV's grey values, which may differ between builds.
std::vector<uint8_t> saliency_of_float_bytes(const float* rgb, int height, int width);

}  // namespace mra
