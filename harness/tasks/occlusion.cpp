#include "harness/model/occlusion.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/model/classifier.h"
#include "harness/tasks/picture_feed.h"
#include "harness/tasks/trained_classifier.h"
#include "harness/train/device.h"
#include "harness/train/metrics.h"

namespace mra {

/// Top-1 error on validation pictures when only a centred square is visible (Figure 4). Its side
/// goes from 0 (nothing visible) in steps of `step_px` to the whole picture.
Judged judge_occlusion(SpecReader options, const JudgeContext& context) {
  const TaskContext run = with_input(context.run);
  const int64_t size_px = run.method.input.size_px;
  const auto step_px = options.in_range<int64_t>("step_px", 1, size_px);
  const auto fill = options.optional<std::string>("fill", "norm_zero");
  const auto mode_name = options.optional<std::string>("mode", "boundary");
  options.reject_unread_keys();
  check(size_px % step_px == 0, ErrorKind::kUsage, options.where("step_px"),
        fmt::format("steps of {} px do not divide the {} px of the picture", step_px, size_px),
        "give a divisor of the picture's size");
  const auto colour =
      occlusion_fill(fill, run.method.input.mean, run.method.input.std, options.where("fill"));
  const OcclusionMode mode = occlusion_mode(mode_name, options.where("mode"));
  PictureFeed pictures(run, Split::kVal);
  Classifier model = load_classifier(context.weights);
  use_channels_last(*model);
  model->to(run.method.device);

  const torch::InferenceMode inference;
  std::vector<TopK> seen(size_t(size_px / step_px + 1));
  pictures.start_evaluation();
  for (Batch batch; pictures.next(batch);) {
    const AutocastScope autocast(run.method.device, run.spec.recipe.precision);
    const auto labels = batch.targets.argmax(1);
    for (size_t i = 0; i < seen.size(); ++i) {
      const auto images = occlude(batch.images, int64_t(i) * step_px, mode, colour);
      seen[i].add(model->forward(images).to(torch::kFloat32), labels);
    }
  }
  Judged judged;
  for (size_t i = 0; i < seen.size(); ++i)
    judged.metrics[fmt::format("occlusion/top1_error_{}", int64_t(i) * step_px)] =
        100 - seen[i].top1_pct();
  return judged;
}

}  // namespace mra
