// harness-pictures.so decodes WebP and TIFF with OpenCV.
#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <iostream>
#include <streambuf>
#include <string_view>

#include <opencv2/core/utils/logger.hpp>
#include <opencv2/imgcodecs.hpp>

#include "harness/data/picture_module.h"

namespace mra {
namespace {

[[gnu::format(printf, 2, 3)]] void refuse(PictureCall& call, const char* format, ...) {
  va_list values;
  va_start(values, format);
  std::vsnprintf(call.problem, sizeof call.problem, format, values);
  va_end(values);
}

thread_local bool is_decoding = false;

/// Drops what OpenCV prints to std::cerr while a thread decodes, because our Error says the same
/// and also names the file. All other output passes through.
class DropWhileDecoding : public std::streambuf {
 public:
  DropWhileDecoding() : before_(std::cerr.rdbuf(this)) {
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
  }
  ~DropWhileDecoding() override { std::cerr.rdbuf(before_); }

 protected:
  int overflow(int letter) override {
    return is_decoding || letter == EOF ? 0 : before_->sputc(char(letter));
  }
  std::streamsize xsputn(const char* text, std::streamsize size) override {
    return is_decoding ? size : before_->sputn(text, size);
  }
  int sync() override { return is_decoding ? 0 : before_->pubsync(); }

 private:
  std::streambuf* before_;
};

cv::Mat decoded(std::string_view bytes, int flags) {
  static const DropWhileDecoding drop;
  is_decoding = true;
  const cv::Mat input(1, int(bytes.size()), CV_8U, const_cast<char*>(bytes.data()));
  cv::Mat picture;
  try {
    picture = cv::imdecode(input, flags | cv::IMREAD_IGNORE_ORIENTATION);
  } catch (const cv::Exception&) {
    picture.release();
  }
  is_decoding = false;
  return picture;
}

/// OpenCV takes any file with these letters for DICOM. Its DICOM decoder ends the whole program
/// when a file is not as it expects.
bool looks_like_dicom(std::string_view bytes) {
  constexpr size_t kPreamble_bytes = 128;
  constexpr std::string_view kSign = "DICM";
  return bytes.size() > kPreamble_bytes && bytes.substr(kPreamble_bytes, kSign.size()) == kSign;
}

/// Returns a row of the caller's picture.
uint8_t* row(const PictureCall& call, int y) {
  return call.rgb + size_t(y) * size_t(call.width_px) * 3;
}

void copy_bgr(const cv::Mat& bgr, const PictureCall& call) {
  for (int y = 0; y < bgr.rows; ++y) {
    const uint8_t* in = bgr.ptr<uint8_t>(y);
    uint8_t* out = row(call, y);
    for (int x = 0; x < bgr.cols; ++x, in += 3, out += 3) {
      out[0] = in[2];
      out[1] = in[1];
      out[2] = in[0];
    }
  }
}

/// Pillow treats 16-bit grey as integers and limits them to 255.
void copy_deep_grey(const cv::Mat& grey, const PictureCall& call) {
  for (int y = 0; y < grey.rows; ++y)
    for (int x = 0; x < grey.cols; ++x)
      std::fill_n(row(call, y) + 3 * x, 3, uint8_t(std::min<int>(grey.at<uint16_t>(y, x), 255)));
}

/// Pillow keeps the upper 8 of 16 bits of color.
void copy_deep_bgr(const cv::Mat& bgr, const PictureCall& call) {
  const int channels = bgr.channels();
  for (int y = 0; y < bgr.rows; ++y) {
    const uint16_t* in = bgr.ptr<uint16_t>(y);
    uint8_t* out = row(call, y);
    for (int x = 0; x < bgr.cols; ++x, in += channels, out += 3)
      for (int c = 0; c < 3; ++c) out[c] = uint8_t(in[2 - c] >> 8);
  }
}

using Copy = void (*)(const cv::Mat&, const PictureCall&);

Copy copy_of_deep(int type) {
  if (type == CV_16UC1) return copy_deep_grey;
  return type == CV_16UC3 || type == CV_16UC4 ? copy_deep_bgr : nullptr;
}

void decode(PictureCall& call) {
  const std::string_view bytes(call.bytes, call.size_bytes);
  if (looks_like_dicom(bytes))
    return refuse(call, "a %s picture that could be DICOM as well", call.format);
  cv::Mat picture;
  Copy copy = nullptr;
  if (call.may_be_deep) {
    picture = decoded(bytes, cv::IMREAD_UNCHANGED);
    copy = copy_of_deep(picture.type());
    if (!copy) picture.release();
  }
  if (!copy) {
    picture = decoded(bytes, cv::IMREAD_COLOR);
    copy = copy_bgr;
  }
  if (picture.empty()) return refuse(call, "a damaged %s picture, or of a rare kind", call.format);
  // The decoder may have read the size from another place than the caller.
  if (picture.cols != call.width_px || picture.rows != call.height_px)
    return refuse(call, "states %dx%d pixels and has %dx%d", call.width_px, call.height_px,
                  picture.cols, picture.rows);
  copy(picture, call);
}

}  // namespace
}  // namespace mra

/// The entry point of the library; see PictureCall.
extern "C" [[gnu::visibility("default")]] void harness_decode_picture(mra::PictureCall* call) {
  call->problem[0] = '\0';
  try {
    mra::decode(*call);
  } catch (const std::exception& error) {
    mra::refuse(*call, "%s", error.what());
  }
}
