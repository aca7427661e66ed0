#include "harness/worker/given_files.h"

#include "harness/data/decode.h"
#include "harness/data/geometry.h"
#include "harness/model/mae.h"
#include "harness/weights/weight_file.h"

namespace mra {

namespace fs = std::filesystem;

int size_of_augmentor(const fs::path& weights) {
  const WeightFile file(weights);
  const auto found = file.metadata().find("model");
  if (found == file.metadata().end() || !Json::accept(found->second)) return kUsualSize_px;
  return int(read_mae_options(SpecReader(Json::parse(found->second), weights.string())).image_px);
}

std::vector<Image> read_squares(const std::vector<fs::path>& paths, int size_px) {
  std::vector<Image> squares;
  Resizer resizer;
  Image decoded;
  for (const fs::path& path : paths) {
    decode_file(path, decoded);
    Image& square = squares.emplace_back();
    square.resize(size_px, size_px);
    center_crop(decoded, size_px, size_px, ResizeFilter::kBilinear, resizer, square.rgb.data());
  }
  return squares;
}

}  // namespace mra
