#include "harness/model/classifier.h"
#include "harness/tasks/picture_feed.h"
#include "harness/tasks/trained_classifier.h"
#include "harness/train/device.h"
#include "harness/train/metrics.h"

namespace mra {

static std::vector<int64_t> pictures_of_classes(const Dataset& dataset) {
  std::vector<int64_t> counts(size_t(dataset.classes()));
  for (int64_t i = 0; i < dataset.size(); ++i) ++counts[size_t(dataset.label(i))];
  return counts;
}

/// Accuracy on test pictures in percent, grouped by the number of training pictures of their class
/// (Table 3): for each group the mean over its classes, and "all" over all pictures.
Judged judge_by_count(SpecReader options, const JudgeContext& context) {
  const int64_t many_above = options.in_range<int64_t>("many_above", 100, 0, 1'000'000'000);
  const int64_t few_below = options.in_range<int64_t>("few_below", 20, 0, 1'000'000'000);
  const std::string split = options.one_of("split", "test", {"test", "val"});
  options.reject_unread_keys();
  const TaskContext run = with_input(context.run);
  const auto training = make_dataset(SpecReader(run.spec.dataset, run.spec.file, "/dataset"),
                                     Split::kTrain, run.data_dirs);
  PictureFeed pictures(run, split == "test" ? Split::kTest : Split::kVal);
  const Classifier model = load_classifier(context.weights);
  use_channels_last(*model);
  model->to(run.method.device);

  const torch::InferenceMode inference;
  std::vector<int64_t> predictions, labels;
  pictures.start_evaluation();
  for (Batch batch; pictures.next(batch);) {
    const AutocastScope autocast(run.method.device, run.spec.recipe.precision);
    const torch::Tensor logits = model->forward(batch.images).to(torch::kFloat32);
    for (const auto& [from, into] : {std::pair{&logits, &predictions}, {&batch.targets, &labels}}) {
      const torch::Tensor classes = from->argmax(1).cpu();
      const int64_t* values = classes.data_ptr<int64_t>();
      into->insert(into->end(), values, values + classes.size(0));
    }
  }
  const auto counts = pictures_of_classes(*training);
  const GroupAccuracy accuracy = group_accuracy(predictions, labels, counts, many_above, few_below);
  Judged judged;
  judged.metrics = {{"by_count/many", accuracy.many},
                    {"by_count/medium", accuracy.medium},
                    {"by_count/few", accuracy.few},
                    {"by_count/all", accuracy.all}};
  judged.details = {{"train_pictures_of_classes", counts}, {"pictures", labels.size()}};
  return judged;
}

}  // namespace mra
