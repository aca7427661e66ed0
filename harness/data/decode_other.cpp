#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>

#include "harness/data/decode_parts.h"

namespace mra {
namespace {

const char* name(PictureFormat format) {
  switch (format) {
    case PictureFormat::kPng:
      return "PNG";
    case PictureFormat::kBmp:
      return "BMP";
    case PictureFormat::kWebp:
      return "WebP";
    case PictureFormat::kTiff:
      return "TIFF";
    default:
      return "PNM";
  }
}

cv::Mat decoded(std::string_view bytes, int flags) {
  const cv::Mat input(1, int(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
  try {
    return cv::imdecode(input, flags | cv::IMREAD_IGNORE_ORIENTATION);
  } catch (const cv::Exception&) {
    return {};
  }
}

/// Pillow keeps 16 bits of grey as whole numbers and cuts them off at 255.
bool is_deep_grey(std::string_view bytes, PictureFormat format) {
  constexpr size_t kDepth = 24, kColor = 25;  // in a PNG file's first chunk
  if (format == PictureFormat::kPng)
    return bytes.size() > kColor && bytes[kDepth] == 16 && bytes[kColor] == 0;
  return format == PictureFormat::kTiff ||
         (format == PictureFormat::kPnm && bytes[1] != '3' && bytes[1] != '6');
}

void copy_bgr(const cv::Mat& bgr, Image& image) {
  for (int y = 0; y < bgr.rows; ++y) {
    const uint8_t* in = bgr.ptr<uint8_t>(y);
    uint8_t* out = image.row(y);
    for (int x = 0; x < bgr.cols; ++x, in += 3, out += 3) {
      out[0] = in[2];
      out[1] = in[1];
      out[2] = in[0];
    }
  }
}

void copy_deep_grey(const cv::Mat& grey, Image& image) {
  for (int y = 0; y < grey.rows; ++y)
    for (int x = 0; x < grey.cols; ++x)
      std::fill_n(image.row(y) + 3 * x, 3, uint8_t(std::min<int>(grey.at<uint16_t>(y, x), 255)));
}

}  // namespace

void decode_other(std::string_view bytes, const std::string& where, PictureFormat format,
                  Image& image) {
  cv::Mat picture;
  bool deep_grey = false;
  if (is_deep_grey(bytes, format)) {
    picture = decoded(bytes, cv::IMREAD_UNCHANGED);
    deep_grey = picture.type() == CV_16UC1;
  }
  if (!deep_grey) picture = decoded(bytes, cv::IMREAD_COLOR);
  if (picture.empty())
    fail_decoding(where, fmt::format("a damaged {} picture, or of a rare kind", name(format)));
  image.resize(picture.rows, picture.cols);
  deep_grey ? copy_deep_grey(picture, image) : copy_bgr(picture, image);
}

}  // namespace mra
