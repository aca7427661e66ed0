#include <algorithm>
#include <optional>

#include <fmt/format.h>
#include <opencv2/imgcodecs.hpp>

#include "harness/data/decode_parts.h"

namespace mra {
namespace {

const char* name(PictureFormat format) {
  switch (format) {
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

/// OpenCV takes a file with these letters for DICOM, however it begins, and that decoder ends the
/// program where it finds what it does not expect.
bool looks_like_dicom(std::string_view bytes) {
  constexpr size_t kPreamble_bytes = 128;
  constexpr std::string_view kSign = "DICM";
  return bytes.size() > kPreamble_bytes && bytes.substr(kPreamble_bytes, kSign.size()) == kSign;
}

/// Whether samples may have 16 bits, which OpenCV and Pillow bring to 8 in different ways.
bool may_be_deep(std::string_view bytes, PictureFormat format) {
  return format == PictureFormat::kTiff ||
         (format == PictureFormat::kPnm && (bytes[1] == '2' || bytes[1] == '5'));
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

/// Pillow takes 16 bits of grey as whole numbers and cuts them off at 255.
void copy_deep_grey(const cv::Mat& grey, Image& image) {
  for (int y = 0; y < grey.rows; ++y)
    for (int x = 0; x < grey.cols; ++x)
      std::fill_n(image.row(y) + 3 * x, 3, uint8_t(std::min<int>(grey.at<uint16_t>(y, x), 255)));
}

/// Of 16 bits of color it keeps the upper 8.
void copy_deep_bgr(const cv::Mat& bgr, Image& image) {
  const int channels = bgr.channels();
  for (int y = 0; y < bgr.rows; ++y) {
    const uint16_t* in = bgr.ptr<uint16_t>(y);
    uint8_t* out = image.row(y);
    for (int x = 0; x < bgr.cols; ++x, in += channels, out += 3)
      for (int c = 0; c < 3; ++c) out[c] = uint8_t(in[2 - c] >> 8);
  }
}

using Copy = void (*)(const cv::Mat&, Image&);

Copy copy_of_deep(int type) {
  if (type == CV_16UC1) return copy_deep_grey;
  return type == CV_16UC3 || type == CV_16UC4 ? copy_deep_bgr : nullptr;
}

}  // namespace

void decode_other(std::string_view bytes, const std::string& where, PictureFormat format,
                  Image& image) {
  if (looks_like_dicom(bytes))
    fail_decoding(where, fmt::format("a {} picture that could be DICOM as well", name(format)));
  cv::Mat picture;
  Copy copy = nullptr;
  if (may_be_deep(bytes, format)) {
    picture = decoded(bytes, cv::IMREAD_UNCHANGED);
    copy = copy_of_deep(picture.type());
    if (!copy) picture.release();
  }
  if (!copy) {
    picture = decoded(bytes, cv::IMREAD_COLOR);
    copy = copy_bgr;
  }
  if (picture.empty())
    fail_decoding(where, fmt::format("a damaged {} picture, or of a rare kind", name(format)));
  // What was checked is what a header states; a decoder may have believed another place.
  const StatedSize stated = stated_size(bytes, format);
  if (picture.cols != stated.width_px || picture.rows != stated.height_px)
    fail_decoding(where, fmt::format("states {}x{} pixels and has {}x{}", stated.width_px,
                                     stated.height_px, picture.cols, picture.rows));
  image.resize(picture.rows, picture.cols);
  copy(picture, image);
}

}  // namespace mra
