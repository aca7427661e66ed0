#include "harness/data/decode.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/data/decode_parts.h"

namespace mra {

void fail_decoding(const std::string& where, const std::string& what) {
  fail(ErrorKind::kIntegrity, where, what, "replace this picture, or remove it from the data set");
}

void check_size(const std::string& where, StatedSize size) {
  if (size.width_px <= 0 || size.height_px <= 0)
    fail_decoding(where, fmt::format("a picture of {}x{} pixels", size.width_px, size.height_px));
  if (size.width_px > kLongestSide_px || size.height_px > kLongestSide_px ||
      size.width_px * size.height_px > kMostPixels)
    fail_decoding(where, fmt::format("{}x{} pixels are more than the {} million that are decoded",
                                     size.width_px, size.height_px, kMostPixels / 1'000'000));
}

void decode(std::string_view bytes, const std::string& where, Image& image) {
  if (bytes.empty()) fail_decoding(where, "an empty file");
  const PictureFormat format = picture_format(bytes);
  switch (format) {
    case PictureFormat::kUnknown:
      fail_decoding(where, "not a picture: expected JPEG, PNG, BMP, WebP, TIFF or PNM content");
    case PictureFormat::kGif:
      fail_decoding(where, "a GIF picture, expected JPEG, PNG, BMP, WebP, TIFF or PNM content");
    case PictureFormat::kJpeg:
      return decode_jpeg(bytes, where, image);
    default:
      check_size(where, stated_size(bytes, format));
      return decode_other(bytes, where, format, image);
  }
}

void decode_file(const std::filesystem::path& path, Image& image) {
  constexpr uintmax_t kMostBytes = uintmax_t(1) << 28;
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path, error);
  if (!error && size > kMostBytes)
    fail_decoding(path.string(), fmt::format("a file of {} MiB, expected at most {}", size >> 20,
                                             kMostBytes >> 20));
  decode(read_file(path), path.string(), image);
}

}  // namespace mra
