#include <cmath>

#include <fmt/format.h>

#include "baselines/few_shot/episode_heads.h"
#include "harness/base/error.h"
#include "harness/base/rng.h"
#include "harness/model/state_dict.h"
#include "harness/tasks/episode_test.h"
#include "harness/tasks/few_shot_task.h"
#include "harness/tasks/trained_classifier.h"
#include "harness/train/device.h"
#include "harness/train/metrics.h"

namespace mra {
namespace {

/// The initial last layers of some episodes, and the orders of their examples in training. They
/// depend only on (seed, number of the episode). Shapes: E episodes, n examples.
struct HeadDraws {
  Heads start;
  torch::Tensor orders;  // [E,epochs,n] i64
};

HeadDraws draw_heads(uint64_t seed, int64_t first_episode, int64_t episodes, int64_t ways,
                     int64_t examples, int64_t features, int64_t epochs) {
  HeadDraws draws{{torch::empty({episodes, ways, features}), torch::empty({episodes, ways})},
                  torch::empty({episodes, epochs, examples}, torch::kInt64)};
  const double bound = 1 / std::sqrt(double(features));  // PyTorch's, for weight and bias
  for (int64_t e = 0; e < episodes; ++e) {
    Rng rng({.seed = seed, .index = uint64_t(first_episode + e), .purpose = Purpose::kHead});
    for (const torch::Tensor& part : {draws.start.weight[e], draws.start.bias[e]})
      for (int64_t i = 0; i < part.numel(); ++i)
        part.data_ptr<float>()[i] = float(rng.uniform(-bound, bound));
    int64_t* order = draws.orders[e].data_ptr<int64_t>();
    for (int64_t epoch = 0; epoch < epochs; ++epoch, order += examples) {
      for (int64_t i = 0; i < examples; ++i) order[i] = i;
      for (int64_t i = examples; i-- > 1;) std::swap(order[i], order[rng.below(uint64_t(i) + 1)]);
    }
  }
  return draws;
}

/// Baseline: trains a new last layer for each episode on its support, with fixed features.
std::vector<double> accuracies_of_new_heads(const torch::Tensor& features,  // [N,D]
                                            const torch::Tensor& indices,   // [E,W,k+Q]
                                            int64_t shots, uint64_t seed) {
  constexpr int64_t kTogether = 100;  // episodes at a time, to limit memory
  const HeadOptions options;
  const int64_t ways = indices.size(1), examples = ways * shots;
  std::vector<double> accuracies;
  for (int64_t first = 0; first < indices.size(0); first += kTogether) {
    const auto some = indices.narrow(0, first, std::min(kTogether, indices.size(0) - first));
    const auto of_episodes =
        features.index_select(0, some.flatten()).view({some.size(0), ways, some.size(2), -1});
    const auto support = of_episodes.narrow(2, 0, shots).flatten(1, 2);
    const auto queries = of_episodes.narrow(2, shots, some.size(2) - shots).flatten(1, 2);
    const HeadDraws draws =
        draw_heads(seed, first, some.size(0), ways, examples, features.size(1), options.epochs);
    const auto scores =
        scores_of(learn_heads(support, draws.orders, draws.start, options), queries);
    for (const torch::Tensor& of_one : scores.unbind(0)) accuracies.push_back(accuracy_pct(of_one));
  }
  return accuracies;
}

/// Returns the accuracies of episodes of the novel classes, of the given shape.
using Test = std::function<std::vector<double>(const EpisodeShape& shape)>;

Test test_of_new_heads(const TaskContext& run, const std::filesystem::path& weights,
                       int64_t count) {
  const Classifier model = load_classifier(weights);
  use_channels_last(*model);
  model->to(run.method.device);
  PictureFeed pictures(run, Split::kNovel);
  const auto network = [&model](const torch::Tensor& images) {
    return model->features(images).mean({2, 3});
  };
  const auto features = features_of_all(pictures, network, run).cpu();
  return [features, &run, count](const EpisodeShape& shape) {
    const EpisodeTest test(run, Split::kNovel, shape, count);
    return accuracies_of_new_heads(features, test.indices(), shape.shots, uint64_t(run.seed));
  };
}

Test test_of_method(const TaskContext& run, const std::filesystem::path& weights, int64_t count) {
  const auto method = make_few_shot_method(read_few_shot(run), run);
  assign_weights(*method, read_weights(weights), weights.string());
  use_channels_last(*method);
  method->to(run.method.device);
  method->start_test();
  return [method, &run, count](const EpisodeShape& shape) {
    return EpisodeTest(run, Split::kNovel, shape, count).accuracies(*method);
  };
}

}  // namespace

/// Mean accuracy over episodes of novel classes, and half of its 95 % interval (Table 5), for each
/// number of "shots". A network trained by episodes is tested as it is. For another network, a new
/// last layer is trained for each episode. The details have the accuracies of all episodes, so that
/// runs of one seed can be compared episode by episode.
Judged judge_episodes(SpecReader options, const JudgeContext& context) {
  EpisodeShape shape;
  shape.ways = options.in_range<int64_t>("ways", 5, 2, 1000);
  shape.queries = options.in_range<int64_t>("queries", 15, 1, 1000);
  const int64_t count = options.in_range<int64_t>("count", 600, 1, 1'000'000);
  const bool by_episodes = context.run.spec.task == "few_shot";
  const std::vector<int64_t> own = {by_episodes ? read_few_shot(context.run).shape.shots : 1};
  const auto shots = options.optional("shots", own);
  for (const int64_t each : shots)
    check(each >= 1 && each <= 1000, ErrorKind::kUsage, options.where("shots"),
          "expected 1 to 1000 examples per class", "write [1, 5]");
  options.reject_unread_keys();
  const TaskContext run = with_input(context.run);
  const Test test = by_episodes ? test_of_method(run, context.weights, count)
                                : test_of_new_heads(run, context.weights, count);
  Judged judged;
  for (const int64_t each : shots) {
    shape.shots = each;
    const std::vector<double> accuracies = test(shape);
    const std::string name = fmt::format("episodes/shot{}_accuracy", each);
    judged.metrics[name] = mean(accuracies);
    judged.metrics[name + "_ci95"] = interval_half_width(accuracies);
    judged.details[fmt::format("shot{}_accuracies", each)] = accuracies;
  }
  return judged;
}

}  // namespace mra
