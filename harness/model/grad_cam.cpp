#include "harness/model/grad_cam.h"

#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {

namespace {

/// Puts a module into evaluation mode, and restores its mode at the end of the scope.
class EvalScope {
 public:
  explicit EvalScope(torch::nn::Module& module)
      : module_(module), was_training_(module.is_training()) {
    module_.eval();
  }
  ~EvalScope() { module_.train(was_training_); }
  EvalScope(const EvalScope&) = delete;
  EvalScope& operator=(const EvalScope&) = delete;

 private:
  torch::nn::Module& module_;
  bool was_training_;
};

/// Returns the class to explain in each picture, [N] i64. Throws an Error for an invalid label.
torch::Tensor targets(const torch::Tensor& logits, const torch::Tensor& labels) {
  const auto predicted = logits.argmax(1);
  if (!labels.defined()) return predicted;
  const auto given = labels.to(predicted.options());
  const int64_t classes = logits.size(1);
  check(given.numel() == logits.size(0) &&
            given.ge(-1).logical_and(given.lt(classes)).all().item<bool>(),
        ErrorKind::kUsage, "Grad-CAM",
        fmt::format("expected one of {} classes for each picture", classes),
        fmt::format("give labels 0 … {}, or -1 for the class predicted", classes - 1));
  return torch::where(given.ge(0), given, predicted);
}

/// [N,h,w] -> [N,H,W]: each map is scaled to 0 … 1 (a constant one becomes 0), then enlarged.
torch::Tensor enlarged(const torch::Tensor& cam, const torch::Tensor& images) {
  constexpr double kLeast = 1e-7;  // keeps the division of a constant map from giving NaN
  const auto lifted = cam - cam.amin({1, 2}, true);
  const auto unit = lifted / (lifted.amax({1, 2}, true) + kLeast);
  return torch::upsample_bilinear2d(unit.unsqueeze(1), {images.size(2), images.size(3)},
                                    /*align_corners=*/false)
      .squeeze(1);
}

}  // namespace

GradCam grad_cam(ClassifierImpl& network, const torch::Tensor& images,
                 const torch::Tensor& labels) {
  const EvalScope evaluation(network);
  const torch::NoGradGuard no_grad;
  // Gradients are needed only from the logits back to the maps; nothing else records them.
  const auto maps = network.features(images).detach().requires_grad_();
  torch::Tensor logits, gradient;
  {
    const torch::AutoGradMode with_grad(true);
    logits = network.head(maps);
    const auto chosen = logits.gather(1, targets(logits.detach(), labels).unsqueeze(1));
    gradient = torch::autograd::grad({chosen.sum()}, {maps}).front();
  }
  GradCam result;
  result.logits = logits.detach();
  result.cam = (gradient.mean({2, 3}, true) * maps.detach()).sum(1).relu();
  result.map = enlarged(result.cam, images);
  return result;
}

}  // namespace mra
