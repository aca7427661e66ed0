#include "harness/data/heat_overlay.h"

#include <algorithm>

#include <opencv2/imgproc.hpp>

#include "harness/base/error.h"

namespace mra {

std::array<std::array<uint8_t, 3>, 256> jet_colours() {
  cv::Mat levels(1, 256, CV_8UC1), bgr;
  for (int i = 0; i < 256; ++i) levels.at<uint8_t>(0, i) = uint8_t(i);
  cv::applyColorMap(levels, bgr, cv::COLORMAP_JET);
  std::array<std::array<uint8_t, 3>, 256> colours;
  for (int i = 0; i < 256; ++i) {
    const auto& colour = bgr.at<cv::Vec3b>(0, i);
    colours[size_t(i)] = {colour[2], colour[1], colour[0]};
  }
  return colours;
}

Image heat_overlay(std::span<const float> map, std::span<const float> rgb, int height_px,
                   int width_px) {
  Image image;
  image.resize(height_px, width_px);
  check(rgb.size() == image.rgb.size() && map.size() * 3 == rgb.size(), ErrorKind::kUsage,
        "heat map", "its size is not that of the picture", "enlarge it to the picture first");
  const auto colours = jet_colours();
  std::vector<float> blend(rgb.size());
  for (size_t i = 0; i < map.size(); ++i) {
    // !(x > 0) is also true for NaN, which then gets level 0.
    const size_t level = !(map[i] > 0) ? 0 : size_t(std::min(map[i], 1.0f) * 255);
    for (size_t channel = 0; channel < 3; ++channel)
      blend[3 * i + channel] =
          0.5f * (float(colours[level][channel]) / 255) + 0.5f * rgb[3 * i + channel];
  }
  const float brightest = std::max(*std::max_element(blend.begin(), blend.end()), 1e-6f);
  std::transform(blend.begin(), blend.end(), image.rgb.begin(), [brightest](float value) {
    return uint8_t(std::clamp(255 * (value / brightest), 0.0f, 255.0f));
  });
  return image;
}

}  // namespace mra
