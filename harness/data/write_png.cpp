#include <png.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/data/picture_grid.h"

namespace mra {

void write_png(const std::filesystem::path& path, const Image& image) {
  png_image header{};
  header.version = PNG_IMAGE_VERSION;
  header.width = png_uint_32(image.width_px);
  header.height = png_uint_32(image.height_px);
  header.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(header);
  std::string bytes(size, '\0');
  const bool written =
      png_image_write_to_memory(&header, bytes.data(), &size, /*convert_to_8_bit=*/0,
                                image.rgb.data(), /*row_stride=*/0, nullptr);
  check(written, ErrorKind::kFailure, path.string(),
        std::string("the picture could not be encoded: ") + header.message,
        "this is a bug in the program: please report it");
  write_file_atomically(path, std::string_view(bytes).substr(0, size));
}

}  // namespace mra
