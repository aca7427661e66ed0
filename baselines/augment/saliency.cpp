#include "baselines/augment/saliency.h"

#include <algorithm>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

namespace mra {

namespace {

/// Mean of the window around a pixel, clipped to the picture, without the pixel itself.
template <typename Sum>
float mean_around(const cv::Mat& integral, int y, int x, int reach, int centre) {
  const int top = std::max(0, y - reach + 1), bottom = std::min(integral.rows - 1, y + reach + 1);
  const int left = std::max(0, x - reach + 1), right = std::min(integral.cols - 1, x + reach + 1);
  const int area = (bottom - top) * (right - left);
  if (area == 1) return float(centre);
  const Sum sum = integral.at<Sum>(bottom, right) + integral.at<Sum>(top, left) -
                  integral.at<Sum>(bottom, left) - integral.at<Sum>(top, right);
  return float(sum - Sum(centre)) / float(area - 1);
}

/// Negative values become 0; values above 255, which sums of floats can reach, wrap around.
int to_byte(float difference) {
  const bool whole = difference > 0 && difference < 2147483648.0f;
  return whole ? uint8_t(int(difference)) : 0;
}

/// Scales the values so that the largest becomes 255, and truncates them to integers.
void scale_to_bytes(std::vector<int>& values) {
  const int most = *std::max_element(values.begin(), values.end());
  for (int& value : values) value = most > 0 ? int(255.0 * double(float(value) / float(most))) : 0;
}

/// The saliency of a grey picture, read as bytes whatever its type. `Sum`: the integral's type.
template <typename Sum>
std::vector<uint8_t> map_of(cv::Mat grey, int sum_type) {
  cv::Mat integral;
  for (int pass = 0; pass < 2; ++pass) cv::GaussianBlur(grey, grey, {3, 3}, 0, 0);
  cv::integral(grey, integral, sum_type);
  const size_t pixels = grey.total();
  std::vector<int> brighter(pixels), darker(pixels);
  for (const int reach : {12, 24, 28, 48, 56, 112}) {
    for (int y = 0; y < grey.rows; ++y) {
      for (int x = 0; x < grey.cols; ++x) {
        const int value = grey.ptr<uint8_t>(y)[x];
        const float difference = float(value) - mean_around<Sum>(integral, y, x, reach, value);
        const size_t place = size_t(y) * size_t(grey.cols) + size_t(x);
        brighter[place] += to_byte(difference);
        darker[place] += to_byte(-difference);
      }
    }
  }
  scale_to_bytes(brighter);
  scale_to_bytes(darker);
  std::vector<uint8_t> map(pixels);
  for (size_t i = 0; i < pixels; ++i) map[i] = uint8_t(brighter[i] + darker[i]);
  return map;
}

/// The picture converted to grey by OpenCV, which takes its channels for blue, green, red.
cv::Mat grey_of(const void* pixels, int type, int height, int width) {
  const cv::Mat picture(height, width, type, const_cast<void*>(pixels));
  cv::Mat grey;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  return grey;
}

}  // namespace

std::vector<uint8_t> fine_grained_saliency(const uint8_t* bgr, int height, int width) {
  return map_of<int>(grey_of(bgr, CV_8UC3, height, width), CV_32S);
}

std::vector<uint8_t> saliency_of_float_bytes(const float* rgb, int height, int width) {
  return map_of<float>(grey_of(rgb, CV_32FC3, height, width), CV_32F);
}

}  // namespace mra
