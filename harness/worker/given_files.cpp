#include "harness/worker/given_files.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/data/decode.h"
#include "harness/data/geometry.h"
#include "harness/model/mae.h"
#include "harness/model/state_dict.h"
#include "harness/weights/safetensors.h"

namespace mra {

namespace fs = std::filesystem;

int size_of_augmentor(const fs::path& weights) {
  const SafetensorsFile file(weights);
  const auto found = file.metadata().find("model");
  if (found == file.metadata().end() || !Json::accept(found->second)) return kUsualSize_px;
  return int(read_mae_options(SpecReader(Json::parse(found->second), weights.string())).image_px);
}

Classifier load_classifier(const fs::path& weights) {
  constexpr const char* kLast = "fc.weight";  // of every network of models.def
  constexpr const char* kCure = "give the weights of a classifier that a run of this program wrote";
  const std::string path = weights.string();
  const SafetensorsFile file(weights);
  const auto model = file.metadata().find("model");
  check(model != file.metadata().end() && Json::accept(model->second), ErrorKind::kIntegrity, path,
        "does not say its \"model\"", kCure);
  const auto last = file.tensors().find(kLast);
  check(last != file.tensors().end() && last->second.shape.size() == 2, ErrorKind::kUsage, path,
        fmt::format("has no layer '{}' that tells classes apart", kLast), kCure);
  const Classifier classifier = make_classifier(
      SpecReader(Json::parse(model->second), path, "/model"), last->second.shape[0]);
  assign_weights(*classifier, read_weights(weights), path);
  classifier->eval();
  return classifier;
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
