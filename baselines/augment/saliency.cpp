#include "baselines/augment/saliency.h"

#include <algorithm>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace mra {

namespace {

/// Mean of the window around a pixel, clipped to the picture, without the pixel itself.
float mean_around(const cv::Mat& integral, int y, int x, int reach, int centre) {
  const int top = std::max(0, y - reach + 1), bottom = std::min(integral.rows - 1, y + reach + 1);
  const int left = std::max(0, x - reach + 1), right = std::min(integral.cols - 1, x + reach + 1);
  const int sum = integral.at<int>(bottom, right) + integral.at<int>(top, left) -
                  integral.at<int>(bottom, left) - integral.at<int>(top, right);
  return float(sum - centre) / float((bottom - top) * (right - left) - 1);
}

/// Scaled so that the largest becomes 255, cut to whole numbers.
void scale_to_bytes(std::vector<int>& values) {
  const int most = *std::max_element(values.begin(), values.end());
  for (int& value : values) value = most > 0 ? int(255.0 * double(float(value) / float(most))) : 0;
}

}  // namespace

std::vector<uint8_t> fine_grained_saliency(const uint8_t* bgr, int height, int width) {
  const cv::Mat picture(height, width, CV_8UC3, const_cast<uint8_t*>(bgr));
  cv::Mat grey, integral;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  for (int pass = 0; pass < 2; ++pass) cv::GaussianBlur(grey, grey, {3, 3}, 0, 0);
  cv::integral(grey, integral, CV_32S);
  const size_t pixels = size_t(height) * size_t(width);
  std::vector<int> brighter(pixels), darker(pixels);
  for (const int reach : {12, 24, 28, 48, 56, 112}) {
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        const int value = grey.at<uint8_t>(y, x);
        const float difference = float(value) - mean_around(integral, y, x, reach, value);
        const size_t place = size_t(y) * size_t(width) + size_t(x);
        brighter[place] += int(std::max(0.0f, difference));
        darker[place] += int(std::max(0.0f, -difference));
      }
    }
  }
  scale_to_bytes(brighter);
  scale_to_bytes(darker);
  std::vector<uint8_t> map(pixels);
  for (size_t i = 0; i < pixels; ++i) map[i] = uint8_t(brighter[i] + darker[i]);
  return map;
}

}  // namespace mra
