#pragma once

#include <array>

#include <torch/torch.h>

#include "harness/data/input.h"

namespace mra {

/// The size and normalisation of pictures.
struct PictureForm {
  int64_t size_px = 0;
  std::array<float, 3> mean = InputOptions{}.mean, std = InputOptions{}.std;
  bool operator==(const PictureForm&) const = default;
};

/// Converts pictures of a run for an augmentor that was pretrained with another size or
/// normalisation, and back. Shapes: N pictures, side r px in the run, a px for the augmentor.
class MraFit {
 public:
  MraFit() = default;
  MraFit(const PictureForm& run, const PictureForm& augmentor) : run_(run), augmentor_(augmentor) {}

  bool needed() const { return run_ != augmentor_; }
  /// Resizes bilinearly. Returns `images` unchanged if not needed().
  torch::Tensor to_augmentor(const torch::Tensor& images) const;  // [N,3,r,r] -> [N,3,a,a]
  /// Clips to valid pixels, then resizes bilinearly with antialiasing; unchanged if not needed().
  torch::Tensor from_augmentor(const torch::Tensor& images) const;  // [N,3,a,a] -> [N,3,r,r]

 private:
  PictureForm run_, augmentor_;
};

}  // namespace mra
