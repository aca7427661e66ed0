#include "tests/data/pictures.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include <jpeglib.h>

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

std::string jpeg_bytes(const Image& image, int components, bool in_many_scans) {
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
  const std::vector<jpeg_scan_info> scans = many_scans();
  if (in_many_scans) {
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

}  // namespace mra
