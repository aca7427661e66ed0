#include "harness/data/decode.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/data/decode_parts.h"

namespace mra {

void fail_decoding(const std::string& where, const std::string& what) {
  fail(ErrorKind::kIntegrity, where, what, "replace this picture, or remove it from the data set");
}

void check_size(const std::string& where, StatedSize size, int64_t most_pixels) {
  const auto [width, height] = size;
  if (width <= 0 || height <= 0)
    fail_decoding(where, fmt::format("a picture of {}x{} pixels", width, height));
  if (width > kLongestSide_px || height > kLongestSide_px)
    fail_decoding(where, fmt::format("{}x{} pixels, expected sides of at most {}", width, height,
                                     kLongestSide_px));
  if (width * height > most_pixels)
    fail_decoding(where, fmt::format("{}x{} pixels, expected at most {} million in all", width,
                                     height, most_pixels / 1'000'000));
}

std::string decode(std::string_view bytes, const std::string& where, Image& image) {
  if (bytes.empty()) fail_decoding(where, "an empty file");
  const PictureFormat format = picture_format(bytes);
  if (format == PictureFormat::kUnknown || format == PictureFormat::kGif)
    fail_decoding(where, fmt::format("{}, expected JPEG, PNG, BMP, WebP, TIFF or PNM content",
                                     format == PictureFormat::kGif ? "a GIF" : "not a picture"));
  if (format == PictureFormat::kJpeg) return decode_jpeg(bytes, where, image);
  // A TIFF file can have many samples of many bits per pixel.
  check_size(where, stated_size(bytes, format),
             format == PictureFormat::kTiff ? kMostPixels / 4 : kMostPixels);
  if (format == PictureFormat::kPng) return decode_png(bytes, where, image);
  if (format == PictureFormat::kBmp)
    decode_bmp(bytes, where, image);
  else if (format == PictureFormat::kPnm)
    decode_pnm(bytes, where, image);
  else
    decode_other(bytes, where, format, image);
  return "";
}

std::string decode_part(std::string_view bytes, const std::string& where, WantedPart& part,
                        Image& image) {
  if (picture_format(bytes) == PictureFormat::kJpeg)
    return decode_jpeg_part(bytes, where, part, image);
  std::string warning = decode(bytes, where, image);
  part.box = part.choose(image.height_px, image.width_px);
  return warning;
}

static std::string read_picture(const std::filesystem::path& path) {
  constexpr uintmax_t kMostBytes = uintmax_t(1) << 27;
  std::error_code error;
  const uintmax_t size = std::filesystem::file_size(path, error);
  if (!error && size > kMostBytes)
    fail_decoding(path.string(), fmt::format("a file of {} MiB, expected at most {}", size >> 20,
                                             kMostBytes >> 20));
  return read_file(path);
}

std::string decode_file(const std::filesystem::path& path, Image& image) {
  return decode(read_picture(path), path.string(), image);
}

std::string decode_file_part(const std::filesystem::path& path, WantedPart& part, Image& image) {
  return decode_part(read_picture(path), path.string(), part, image);
}

}  // namespace mra
