#include <csetjmp>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include "harness/base/error.h"
#include "harness/data/pack.h"

namespace mra {

namespace {

/// The place to which an error jumps out of libjpeg's C code, and its memory for the file.
struct Encoding {
  jpeg_error_mgr manager;  ///< first member: libjpeg's pointer to it is also a pointer to this
  std::jmp_buf target;
  jpeg_compress_struct info;
  unsigned char* bytes;
  unsigned long size;
};

[[noreturn]] void leave(j_common_ptr info) {
  std::longjmp(reinterpret_cast<Encoding*>(info->err)->target, 1);
}

/// Returns false when libjpeg failed. No object with a destructor may be in this frame.
bool encode(const Image& image, int quality, Encoding& encoding) {
  jpeg_compress_struct& info = encoding.info;
  info.err = jpeg_std_error(&encoding.manager);
  encoding.manager.error_exit = leave;
  if (setjmp(encoding.target)) return false;
  jpeg_create_compress(&info);
  jpeg_mem_dest(&info, &encoding.bytes, &encoding.size);
  info.image_width = JDIMENSION(image.width_px);
  info.image_height = JDIMENSION(image.height_px);
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    auto* row = const_cast<uint8_t*>(image.row(int(info.next_scanline)));  // only read
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  return true;
}

}  // namespace

std::string encode_jpeg(const Image& image, int quality) {
  Encoding encoding{};
  const bool done = encode(image, quality, encoding);
  std::string bytes;
  if (done) bytes.assign(reinterpret_cast<const char*>(encoding.bytes), encoding.size);
  jpeg_destroy_compress(&encoding.info);
  std::free(encoding.bytes);
  check(done, ErrorKind::kFailure, "JPEG encoder", "cannot encode a picture", "free some memory");
  return bytes;
}

}  // namespace mra
