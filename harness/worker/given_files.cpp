#include "harness/worker/given_files.h"

#include "harness/data/decode.h"
#include "harness/data/geometry.h"
#include "harness/data/picture_warnings.h"

namespace mra {

namespace fs = std::filesystem;

std::vector<Image> read_squares(const std::vector<fs::path>& paths, int size_px) {
  std::vector<Image> squares;
  Resizer resizer;
  Image decoded;
  PictureWarnings warnings;
  for (const fs::path& path : paths) {
    warnings.tell_once(path.string(), decode_file(path, decoded));
    Image& square = squares.emplace_back();
    square.resize(size_px, size_px);
    center_crop(decoded, size_px, size_px, ResizeFilter::kBilinear, resizer, square.rgb.data());
  }
  return squares;
}

}  // namespace mra
