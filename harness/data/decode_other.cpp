#include "harness/data/decode_parts.h"
#include "harness/data/picture_module.h"

namespace mra {

static const char* name(PictureFormat format) {
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

/// Whether samples may have 16 bits, which OpenCV and Pillow bring to 8 in different ways.
static bool may_be_deep(std::string_view bytes, PictureFormat format) {
  return format == PictureFormat::kTiff ||
         (format == PictureFormat::kPnm && (bytes[1] == '2' || bytes[1] == '5'));
}

void decode_other(std::string_view bytes, const std::string& where, PictureFormat format,
                  Image& image) {
  const DecodePicture decode = picture_module(where);
  const StatedSize size = stated_size(bytes, format);
  image.resize(int(size.height_px), int(size.width_px));
  PictureCall call{bytes.data(),     bytes.size(),    name(format),   may_be_deep(bytes, format),
                   image.rgb.data(), image.height_px, image.width_px, ""};
  decode(&call);
  if (call.problem[0]) fail_decoding(where, call.problem);
}

}  // namespace mra
