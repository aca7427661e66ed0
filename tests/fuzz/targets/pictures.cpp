#include "harness/data/decode.h"
#include "harness/data/decode_parts.h"
#include "tests/fuzz/target.h"

namespace mra {

/// A picture of any format. Fuzzers do not wait for large ones: their bounds have tests of their
/// own.
void fuzz_picture(std::string_view bytes) {
  const std::string copy(bytes);  // its end is one that a sanitizer watches
  Image image;
  reads_or_refuses(ErrorKind::kIntegrity, [&] {
    decode(copy, "picture", image);
    must(image.height_px > 0 && image.width_px > 0, "a picture without pixels");
    must(image.rgb.size() == size_t(image.height_px) * size_t(image.width_px) * 3,
         "a picture of another size than its own");
    const PictureFormat format = picture_format(copy);
    if (format == PictureFormat::kJpeg) return;
    const StatedSize stated = stated_size(copy, format);
    must(stated.width_px == image.width_px && stated.height_px == image.height_px,
         "a picture of another size than the one that was checked");
  });
}

}  // namespace mra
