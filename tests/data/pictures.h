#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "harness/data/image.h"

namespace mra {

/// The picture of the test vectors: smooth and busy parts, every channel its own.
inline Image test_picture(int width, int height) {
  Image image;
  image.resize(height, width);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x)
      for (int c = 0; c < 3; ++c) {
        const int wave = 7 * x + 13 * y + 29 * c + ((x * y) >> 3) + ((x * x + 3 * y * y) >> 6);
        image.row(y)[3 * x + c] = uint8_t(60 + (wave & 255) * 150 / 255);
      }
  return image;
}

/// Binary PPM, the one format that needs no library.
inline std::string ppm_bytes(const Image& image) {
  return "P6\n" + std::to_string(image.width_px) + " " + std::to_string(image.height_px) +
         "\n255\n" + std::string(image.rgb.begin(), image.rgb.end());
}

inline void write_bytes(const std::filesystem::path& path, std::string_view bytes) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

/// CRC-32 as of zlib.
inline uint32_t crc32(const std::vector<uint8_t>& bytes) {
  uint32_t crc = ~0u;
  for (const uint8_t byte : bytes) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0u);
  }
  return ~crc;
}

/// How a JPEG file holds a picture.
struct JpegContent {
  int components = 3;          ///< 1, 3 or 4; inks are stored inverted
  bool in_many_scans = false;  ///< one component in 127 scans
  int across = 2, down = 2;    ///< pixels per value of colour, of three components
  bool progressive = false;
  int restart_rows = 0;  ///< rows of blocks between restart markers; 0: none
};
std::string jpeg_bytes(const Image& image, const JpegContent& content = {});

/// What a PNG file holds, in the words of its format.
struct PngContent {
  int width_px = 1;
  int color = 2;  ///< 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
  int depth_bits = 8;
  std::string rows;  ///< packed samples, 16 bits with the upper byte first
  std::string palette_rgb = {};
  std::string palette_alpha = {};
  bool interlaced = false;
};

std::string png_bytes(const PngContent& content);

}  // namespace mra
