#include "harness/worker/masks_command.h"

#include <fmt/format.h>

#include "baselines/augment/augmentor_file.h"
#include "baselines/augment/mra.h"
#include "baselines/mask_pictures.h"
#include "harness/tasks/trained_classifier.h"
#include "harness/train/device.h"
#include "harness/train/tensor_batch.h"
#include "harness/worker/given_files.h"

namespace mra {

/// Returns the normalised pictures: [N,3,H,W] f32.
static torch::Tensor normalised(const std::vector<Image>& pictures, const InputOptions& input) {
  std::vector<uint8_t> pixels;
  const std::vector<int64_t> labels(pictures.size(), 0);
  const std::vector<Request> requests(pictures.size());
  for (const Image& picture : pictures)
    pixels.insert(pixels.end(), picture.rgb.begin(), picture.rgb.end());
  const BatchMaker maker(input, /*classes=*/1, torch::kCPU);
  return maker
      .make({.count = int64_t(pictures.size()),
             .pixels = pixels.data(),
             .labels = labels.data(),
             .requests = requests.data()})
      .images;
}

int draw_masks(const MasksRequest& request) {
  make_deterministic();
  MethodContext context;
  context.input.size_px = augmentor_size_px(request.augmentor);
  context.weights_of = [](const std::string& path) { return path; };
  const Json options = {{"weights", request.augmentor.string()}};
  LoadedMra mra = load_mra(SpecReader(options, "--augmentor"), context);
  const Classifier classifier = load_classifier(request.classifier);
  std::vector<std::string> names;
  for (const auto& path : request.images) names.push_back(path.filename().string());
  const auto images =
      normalised(read_squares(request.images, context.input.size_px), context.input);
  const std::vector<int64_t> labels(names.size(), -1);
  const PictureGrid grid = mask_pictures(mra.model, mra.options, *classifier, images, labels, names,
                                         uint64_t(request.seed));
  write_png(request.output, draw_grid(grid));
  fmt::print("{}\n",
             Json({{"titles", grid.titles}, {"hidden_frac", mra.options.hidden_frac}}).dump());
  return 0;
}

}  // namespace mra
