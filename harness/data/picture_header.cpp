#include <algorithm>
#include <cctype>

#include "harness/data/decode_parts.h"

namespace mra {
namespace {

using namespace std::string_view_literals;

StatedSize png_size(std::string_view bytes) {
  return {int64_t(number(bytes, 16, 4, true)), int64_t(number(bytes, 20, 4, true))};
}

StatedSize bmp_size(std::string_view bytes) {
  if (number(bytes, 14, 4, false) == 12)
    return {int64_t(number(bytes, 18, 2, false)), int64_t(number(bytes, 20, 2, false))};
  const int64_t height = int32_t(number(bytes, 22, 4, false));  // negative: stored top row first
  return {int32_t(number(bytes, 18, 4, false)), height < 0 ? -height : height};
}

StatedSize webp_size(std::string_view bytes) {
  const std::string_view chunk = bytes.substr(std::min<size_t>(12, bytes.size()), 4);
  if (chunk == "VP8 ")
    return {int64_t(number(bytes, 26, 2, false) & 0x3FFF),
            int64_t(number(bytes, 28, 2, false) & 0x3FFF)};
  if (chunk == "VP8L") {
    const uint64_t bits = number(bytes, 21, 4, false);
    return {int64_t(bits & 0x3FFF) + 1, int64_t(bits >> 14 & 0x3FFF) + 1};
  }
  if (chunk == "VP8X")
    return {int64_t(number(bytes, 24, 3, false)) + 1, int64_t(number(bytes, 27, 3, false)) + 1};
  return {};
}

}  // namespace

uint64_t number(std::string_view bytes, uint64_t at, int count, bool big_endian) {
  if (at > bytes.size() || bytes.size() - at < uint64_t(count)) return 0;
  uint64_t value = 0;
  for (int i = 0; i < count; ++i)
    value = value << 8 | uint8_t(bytes[at + uint64_t(big_endian ? i : count - 1 - i)]);
  return value;
}

PictureFormat picture_format(std::string_view bytes) {
  if (bytes.starts_with("\xFF\xD8\xFF"sv)) return PictureFormat::kJpeg;
  if (bytes.starts_with("\x89PNG\r\n\x1A\n"sv)) return PictureFormat::kPng;
  if (bytes.starts_with("GIF8"sv)) return PictureFormat::kGif;
  if (bytes.starts_with("BM"sv)) return PictureFormat::kBmp;
  if (bytes.starts_with("II*\0"sv) || bytes.starts_with("MM\0*"sv)) return PictureFormat::kTiff;
  if (bytes.starts_with("RIFF"sv) && bytes.size() >= 12 && bytes.substr(8, 4) == "WEBP"sv)
    return PictureFormat::kWebp;
  if (bytes.size() > 2 && bytes[0] == 'P' && bytes[1] >= '1' && bytes[1] <= '6' &&
      std::isspace(uint8_t(bytes[2])))
    return PictureFormat::kPnm;
  return PictureFormat::kUnknown;
}

StatedSize stated_size(std::string_view bytes, PictureFormat format) {
  switch (format) {
    case PictureFormat::kPng:
      return png_size(bytes);
    case PictureFormat::kBmp:
      return bmp_size(bytes);
    case PictureFormat::kWebp:
      return webp_size(bytes);
    case PictureFormat::kTiff:
      return tiff_size(bytes);
    case PictureFormat::kPnm:
      return pnm_size(bytes);
    default:
      return {};
  }
}

}  // namespace mra
