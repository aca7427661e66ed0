#include "baselines/judge_masks.h"

#include <fmt/format.h>

#include "baselines/mask_pictures.h"
#include "baselines/mask_statistics.h"
#include "harness/base/error.h"
#include "harness/tasks/picture_feed.h"
#include "harness/tasks/trained_classifier.h"
#include "harness/train/device.h"

namespace mra {

LoadedMra augmentor_of(const TaskContext& run, const std::string& where) {
  for (const NamedOptions& entry : run.spec.batch_transforms)
    if (entry.name == "mra") {
      LoadedMra mra = load_mra(SpecReader(entry.options, run.spec.file, entry.pointer), run.method);
      check(!mra.fit.needed(), ErrorKind::kUsage, where,
            "can judge masks only on pictures of the augmentor's size and normalisation",
            "judge a run whose pictures have both");
      return mra;
    }
  fail(ErrorKind::kUsage, where, "judges masks, but this run does not use \"mra\"",
       "judge a run with \"mra\" in its \"batch_transforms\"");
}

namespace {

/// The scores of all patches of the validation pictures, and the patches that the run's MRA hides.
struct Masks {
  torch::Tensor scores;  // [N,L] f32
  torch::Tensor hidden;  // [N,L] f32, 1 = hidden
  std::vector<int64_t> indices;
};

Masks masks_of(PictureFeed& pictures, LoadedMra& mra, const TaskContext& run) {
  const torch::InferenceMode inference;
  mra.options.reconstruct = false;  // only the choice of patches is needed
  std::vector<torch::Tensor> scores, hidden;
  Masks masks;
  pictures.start_evaluation();
  for (Batch batch; pictures.next(batch);) {
    const AutocastScope autocast(run.method.device, run.method.precision);
    Rng rng({.seed = uint64_t(run.seed), .index = scores.size(), .purpose = Purpose::kBatch});
    torch::Tensor noise;
    if (mra.options.hide == "random")
      noise =
          draw_noise(batch.images.size(0), mra.model->options().patches(), rng, run.method.device);
    scores.push_back(mra.model->attention(mra.model->embed(batch.images), mra.options.score)
                         .to(torch::kFloat32)
                         .cpu());
    hidden.push_back(mra_augment(mra.model, batch.images, mra.options, noise).hidden.cpu());
    const int64_t* index = batch.indices.data_ptr<int64_t>();
    masks.indices.insert(masks.indices.end(), index, index + batch.indices.size(0));
  }
  masks.scores = torch::cat(scores);
  masks.hidden = torch::cat(hidden);
  return masks;
}

/// Returns a square grid of numbers as a list of rows.
Json rows_json(const torch::Tensor& values) {  // [L] f64
  const auto grid = int64_t(std::lround(std::sqrt(double(values.size(0)))));
  Json rows = Json::array();
  for (int64_t row = 0; row < grid; ++row) {
    rows.push_back(Json::array());
    for (int64_t column = 0; column < grid; ++column)
      rows.back().push_back(values[row * grid + column].item<double>());
  }
  return rows;
}

/// Adds the visible share of each object, if the data set has object masks.
void add_object_seen(Judged& judged, const Masks& masks, const TaskContext& run) {
  const auto dataset = make_dataset(SpecReader(run.spec.dataset, run.spec.file, "/dataset"),
                                    Split::kVal, run.data_dirs);
  if (dataset->object_mask(0).empty()) return;
  auto seen =
      object_seen_fracs(masks.hidden, objects_as_seen(*dataset, masks.indices, run.method.input));
  for (double& value : seen) value *= 100;
  const MeanOverPictures mean = mean_over_pictures(seen);
  judged.metrics["mask_statistics/object_seen"] = mean.mean;
  judged.metrics["mask_statistics/object_seen_ci95"] = mean.half_width;
  judged.details["pictures_with_object"] = mean.pictures;
}

}  // namespace

/// Statistics of the masks of a run with MRA over the validation pictures: the visible share of
/// objects in percent, with half of its 95 % confidence interval, and the percentage of the scores'
/// variance that a patch's place explains. The details hold each place's mean score, row by row.
Judged judge_mask_statistics(SpecReader options, const JudgeContext& context) {
  options.reject_unread_keys();
  const TaskContext run = with_input(context.run);
  LoadedMra mra = augmentor_of(run, options.where());
  PictureFeed pictures(run, Split::kVal);
  const Masks masks = masks_of(pictures, mra, run);
  const PlaceShare place = place_share(masks.scores);
  Judged judged;
  judged.metrics["mask_statistics/place_share"] = 100 * place.share_frac;
  judged.metrics["mask_statistics/patches_seen"] = 100 * (1 - masks.hidden.mean().item<double>());
  judged.details["mean_score"] = rows_json(place.mean_score);
  judged.details["pictures"] = masks.scores.size(0);
  add_object_seen(judged, masks, run);
  return judged;
}

/// Draws Figure 2 for the first validation pictures, one of each class in turn. Grad-CAM explains
/// the picture's own class with the run named by "classifier".
Judged judge_mask_pictures(SpecReader options, const JudgeContext& context) {
  const auto classifier_name = options.required<std::string>("classifier");
  const int64_t count = options.in_range<int64_t>("pictures", 4, 1, 100);
  options.reject_unread_keys();
  const TaskContext run = with_input(context.run);
  LoadedMra mra = augmentor_of(run, options.where());
  const Classifier classifier = load_classifier(run.method.weights_of(classifier_name));
  classifier->to(run.method.device);
  PictureFeed pictures(run, Split::kVal, {.batch_size = 1});
  std::vector<torch::Tensor> images;
  std::vector<int64_t> labels;
  std::vector<std::string> names;
  pictures.start_evaluation();
  for (Batch batch; int64_t(labels.size()) < count && pictures.next(batch);) {
    const int64_t label = batch.targets.argmax(1).item<int64_t>();
    const bool of_new_class = std::find(labels.begin(), labels.end(), label) == labels.end();
    if (!of_new_class && int64_t(labels.size()) < pictures.classes()) continue;
    images.push_back(batch.images);
    labels.push_back(label);
    names.push_back(fmt::format("picture {}", batch.indices[0].item<int64_t>()));
  }
  Judged judged;
  judged.picture = draw_grid(mask_pictures(mra.model, mra.options, *classifier, torch::cat(images),
                                           labels, names, uint64_t(run.seed)));
  judged.details["labels"] = labels;
  return judged;
}

}  // namespace mra
