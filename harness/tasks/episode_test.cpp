#include "harness/tasks/episode_test.h"

#include "harness/train/device.h"

namespace mra {

MakeSampler episode_sampler(const EpisodeShape& shape) {
  return [shape](const Dataset& dataset, uint64_t seed) {
    std::vector<int64_t> labels;
    for (int64_t i = 0; i < dataset.size(); ++i) labels.push_back(dataset.label(i));
    return episodes(labels, shape, seed);
  };
}

torch::Tensor features_of_all(PictureFeed& pictures, const Network& network,
                              const TaskContext& run) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> features;
  pictures.start_evaluation();
  for (Batch batch; pictures.next(batch);) {
    const AutocastScope autocast(run.method.device, run.spec.recipe.precision);
    features.push_back(network(batch.images).to(torch::kFloat32));
  }
  return torch::cat(features);
}

EpisodeTest::EpisodeTest(const TaskContext& context, Split split, const EpisodeShape& shape,
                         int64_t count)
    : context_(context),
      shape_(shape),
      count_(count),
      feed_(context, split, {.batch_size = shape.pictures()}),
      requests_(episode_sampler(shape)(feed_.dataset(), uint64_t(context.seed))
                    ->epoch(0, count * shape.pictures())) {}

torch::Tensor EpisodeTest::indices() const {
  auto indices = torch::empty({count_, shape_.ways, shape_.of_class()}, torch::kInt64);
  int64_t* index = indices.data_ptr<int64_t>();
  for (const Request& request : requests_) *index++ = request.index;
  return indices;
}

torch::Tensor EpisodeTest::episode_of(const torch::Tensor& pictures) const {
  return pictures.unflatten(0, {shape_.ways, shape_.of_class()});
}

std::vector<double> EpisodeTest::accuracies(FewShotMethod& method) {
  const torch::NoGradGuard no_grad;
  std::vector<double> accuracies;
  const auto add = [&](const torch::Tensor& pictures) {
    accuracies.push_back(accuracy_pct(method.scores(episode_of(pictures), shape_.shots)));
  };
  if (method.compares_features()) {
    const auto network = [&method](const torch::Tensor& images) { return method.features(images); };
    const auto features = features_of_all(feed_, network, context_);
    for (const auto& episode : indices().to(features.device()).unbind(0))
      add(features.index_select(0, episode.flatten()));
  } else {
    feed_.start_evaluation(requests_);
    for (Batch batch; feed_.next(batch);) {
      const AutocastScope autocast(context_.method.device, context_.spec.recipe.precision);
      add(batch.images);
    }
  }
  return accuracies;
}

double accuracy_pct(const torch::Tensor& scores) {
  const int64_t ways = scores.size(1);
  const auto labels = query_labels(ways, scores.size(0) / ways, scores.device());
  return 100 * scores.argmax(1).eq(labels).to(torch::kFloat64).mean().item<double>();
}

}  // namespace mra
