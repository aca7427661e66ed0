#include "tests/data/pictures.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include <jpeglib.h>
#include <png.h>

namespace mra {

namespace {

/// Each coefficient of one component in two scans: the most that a small script can ask for.
std::vector<jpeg_scan_info> many_scans() {
  std::vector<jpeg_scan_info> scans = {{1, {0}, 0, 0, 0, 0}};
  for (int coefficient = 1; coefficient < DCTSIZE2; ++coefficient)
    for (const int low_bit : {1, 0})
      scans.push_back({1, {0}, coefficient, coefficient, low_bit ? 0 : 1, low_bit});
  return scans;
}

}  // namespace

std::string jpeg_bytes(const Image& image, const JpegContent& content) {
  const int components = content.components;
  jpeg_compress_struct info;
  jpeg_error_mgr errors;
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &memory, &size);
  info.image_width = unsigned(image.width_px);
  info.image_height = unsigned(image.height_px);
  info.input_components = components;
  info.in_color_space = components == 1 ? JCS_GRAYSCALE : components == 3 ? JCS_RGB : JCS_CMYK;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 100, TRUE);
  if (components == 3) {
    info.comp_info[0].h_samp_factor = content.across;
    info.comp_info[0].v_samp_factor = content.down;
  }
  info.restart_in_rows = content.restart_rows;
  if (content.progressive) jpeg_simple_progression(&info);
  const std::vector<jpeg_scan_info> scans = many_scans();
  if (content.in_many_scans) {
    info.scan_info = scans.data();
    info.num_scans = int(scans.size());
  }
  jpeg_start_compress(&info, TRUE);
  std::vector<uint8_t> row(size_t(image.width_px) * size_t(components), 255);
  for (int y = 0; y < image.height_px; ++y) {
    for (int x = 0; x < image.width_px; ++x)
      for (int c = 0; c < components && c < 3; ++c)
        row[size_t(x * components + c)] = image.row(y)[3 * x + c];
    uint8_t* rows = row.data();
    jpeg_write_scanlines(&info, &rows, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  const std::string bytes(reinterpret_cast<char*>(memory), size);
  std::free(memory);
  return bytes;
}

std::string png_bytes(const PngContent& content) {
  std::string bytes;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  const auto append = [](png_structp to, png_bytep from, size_t size) {
    static_cast<std::string*>(png_get_io_ptr(to))->append(reinterpret_cast<char*>(from), size);
  };
  png_set_write_fn(png, &bytes, append, nullptr);
  const auto data = [](const std::string& text) {
    return reinterpret_cast<png_bytep>(const_cast<char*>(text.data()));  // only read
  };
  const int channels[] = {1, 0, 3, 1, 2, 0, 4};
  const int row_bits = content.width_px * channels[content.color] * content.depth_bits;
  const size_t row_bytes = size_t(row_bits + 7) / 8;
  std::vector<png_bytep> rows;
  for (size_t at = 0; at < content.rows.size(); at += row_bytes)
    rows.push_back(data(content.rows) + at);
  png_set_IHDR(png, info, png_uint_32(content.width_px), png_uint_32(rows.size()),
               content.depth_bits, content.color,
               content.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  std::vector<png_color> colors;
  for (size_t i = 0; i + 2 < content.palette_rgb.size(); i += 3)
    colors.push_back({uint8_t(content.palette_rgb[i]), uint8_t(content.palette_rgb[i + 1]),
                      uint8_t(content.palette_rgb[i + 2])});
  if (!colors.empty()) png_set_PLTE(png, info, colors.data(), int(colors.size()));
  if (!content.palette_alpha.empty())
    png_set_tRNS(png, info, data(content.palette_alpha), int(content.palette_alpha.size()),
                 nullptr);
  png_set_rows(png, info, rows.data());
  png_write_png(png, info, PNG_TRANSFORM_IDENTITY, nullptr);
  png_destroy_write_struct(&png, &info);
  return bytes;
}

}  // namespace mra
