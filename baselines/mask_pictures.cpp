#include "baselines/mask_pictures.h"

#include <fmt/format.h>

#include "baselines/augment/mra.h"
#include "harness/base/error.h"
#include "harness/data/heat_overlay.h"
#include "harness/model/grad_cam.h"

namespace mra {

namespace {

constexpr float kHiddenGrey = 124 / 255.0f;  // the grey of the paper's Figure 1

std::span<const float> values(const torch::Tensor& contiguous) {
  return {contiguous.data_ptr<float>(), size_t(contiguous.numel())};
}

/// [H,W,3] within 0 … 1 -> an 8-bit picture.
Image as_image(const torch::Tensor& pixels) {
  const auto bytes = (pixels * 255).round().to(torch::kUInt8).contiguous();
  Image image;
  image.resize(int(bytes.size(0)), int(bytes.size(1)));
  std::copy_n(bytes.data_ptr<uint8_t>(), image.rgb.size(), image.rgb.begin());
  return image;
}

Image heated(const torch::Tensor& map, const torch::Tensor& pixels) {
  const auto heat = map.to(torch::kFloat32).cpu().contiguous(), below = pixels.contiguous();
  return heat_overlay(values(heat), values(below), int(below.size(0)), int(below.size(1)));
}

/// Enlarges one value per patch to pixels: [1,L] -> [H,W] f32.
torch::Tensor as_pixels(const torch::Tensor& patches, const MaeOptions& sizes) {
  const int64_t grid = sizes.image_px / sizes.patch_px;
  return patches.to(torch::kFloat32)
      .cpu()
      .view({grid, grid})
      .repeat_interleave(sizes.patch_px, 0)
      .repeat_interleave(sizes.patch_px, 1);
}

/// Draws the three rows of one picture, column by column.
class Columns {
 public:
  Columns(MaskedAutoencoder& augmentor, const MraOptions& options, ClassifierImpl& classifier,
          const std::vector<std::string>& class_names)
      : augmentor_(augmentor), options_(options), classifier_(classifier), classes_(class_names) {
    options_.compose = "paste";
    options_.reconstruct = true;
    if (augmentor->options().norm_pix) options_.denorm = "gt";
  }

  std::vector<std::vector<GridCell>> rows(const torch::Tensor& image, int64_t label,
                                          const std::string& name, const torch::Tensor& noise) {
    rows_.assign(3, {});
    add(as_image(pixels(image)), name, attention(image), "attention of the class token", image,
        label);
    for (const char* hide : {"low", "high", "random"}) {
      options_.hide = hide;
      const MraResult result = mra_augment(augmentor_, image, options_, noise);
      const auto hidden = as_pixels(result.hidden, augmentor_->options()).unsqueeze(2);
      const auto masked = torch::where(hidden > 0, torch::full({}, kHiddenGrey), pixels(image));
      const double seen = 1 - hidden.mean().item<double>();
      add(as_image(masked), fmt::format("{:.0f} % of the patches stay", 100 * seen),
          as_image(pixels(result.output)), "", result.output, label);
    }
    return std::move(rows_);
  }

 private:
  /// [1,3,H,W] normalised -> [H,W,3] within 0 … 1.
  torch::Tensor pixels(const torch::Tensor& image) const {
    const auto constant = [](const std::array<float, 3>& of) {
      return torch::tensor({of[0], of[1], of[2]}).view({3, 1, 1});
    };
    const auto unit = image[0].to(torch::kFloat32).cpu() * constant(options_.std);
    return (unit + constant(options_.mean)).clamp(0, 1).permute({1, 2, 0});
  }

  Image attention(const torch::Tensor& image) {
    const auto scores = augmentor_->attention(augmentor_->embed(image), options_.score);
    const auto lifted = scores.to(torch::kFloat32) - scores.min();
    return heated(as_pixels(lifted / (lifted.max() + 1e-7), augmentor_->options()), pixels(image));
  }

  std::string class_name(int64_t number) const {
    return size_t(number) < classes_.size() ? classes_[size_t(number)]
                                            : fmt::format("class {}", number);
  }

  void add(Image first, std::string first_caption, Image second, std::string second_caption,
           const torch::Tensor& judged, int64_t label) {
    const GradCam cam = grad_cam(classifier_, judged, torch::full({1}, label, torch::kInt64));
    const auto shares = cam.logits[0].to(torch::kFloat32).softmax(0).cpu();
    const auto predicted = shares.argmax().item<int64_t>();
    const int64_t target = label < 0 ? predicted : label;
    std::string caption =
        fmt::format("{}: {:.0f} %", class_name(target), 100 * shares[target].item<double>());
    if (predicted != target) caption += ", seen as " + class_name(predicted);
    rows_[0].push_back({std::move(first), std::move(first_caption)});
    rows_[1].push_back({std::move(second), std::move(second_caption)});
    rows_[2].push_back({heated(cam.map[0], pixels(judged)), std::move(caption)});
  }

  MaskedAutoencoder& augmentor_;
  MraOptions options_;
  ClassifierImpl& classifier_;
  const std::vector<std::string>& classes_;
  std::vector<std::vector<GridCell>> rows_;
};

}  // namespace

PictureGrid mask_pictures(MaskedAutoencoder& augmentor, const MraOptions& options,
                          ClassifierImpl& classifier, const torch::Tensor& images,
                          const std::vector<int64_t>& labels, const std::vector<std::string>& names,
                          uint64_t seed, const std::vector<std::string>& class_names) {
  const torch::NoGradGuard no_grad;
  const auto pictures = size_t(images.size(0));
  check(labels.size() == pictures && names.size() == pictures, ErrorKind::kUsage, "mask pictures",
        fmt::format("{} pictures, {} labels and {} names", pictures, labels.size(), names.size()),
        "give a label (or -1) and a name for each picture");
  PictureGrid grid;
  grid.titles = {"unmasked", "Mask Low", "Mask High", "Mask Random"};
  grid.rows_together = 3;
  Columns columns(augmentor, options, classifier, class_names);
  for (size_t i = 0; i < pictures; ++i) {
    Rng rng({.seed = seed, .index = i, .purpose = Purpose::kBatch});
    const auto noise = draw_noise(1, augmentor->options().patches(), rng, images.device());
    for (auto& row : columns.rows(images.narrow(0, int64_t(i), 1), labels[i], names[i], noise))
      grid.rows.push_back(std::move(row));
    grid.row_titles.insert(grid.row_titles.end(), {"masked", "reconstruction", "Grad-CAM"});
  }
  return grid;
}

}  // namespace mra
