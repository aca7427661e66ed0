#include <fmt/format.h>

#include "harness/data/decode_parts.h"
#include "harness/data/picture_module.h"

namespace mra {

void decode_other(std::string_view bytes, const std::string& where, PictureFormat format,
                  Image& image) {
  if (format == PictureFormat::kTiff)
    if (const std::string kind = unread_tiff_kind(bytes); !kind.empty())
      fail_decoding(where, fmt::format("a TIFF picture of an unsupported kind: {}", kind));
  const DecodePicture decode = picture_module(where);
  const StatedSize size = stated_size(bytes, format);
  image.resize(int(size.height_px), int(size.width_px));
  const bool tiff = format == PictureFormat::kTiff;
  PictureCall call{bytes.data(),     bytes.size(),    tiff ? "TIFF" : "WebP", tiff,
                   image.rgb.data(), image.height_px, image.width_px,         ""};
  decode(&call);
  if (call.problem[0]) fail_decoding(where, call.problem);
}

}  // namespace mra
