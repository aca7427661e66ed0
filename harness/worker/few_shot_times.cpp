#include "harness/worker/few_shot_times.h"

#include "baselines/catalog.h"
#include "baselines/few_shot/episode_heads.h"
#include "harness/base/stopwatch.h"
#include "harness/model/state_dict.h"
#include "harness/tasks/episode_test.h"
#include "harness/train/device.h"
#include "harness/train/optimizer.h"

namespace mra {
namespace {

constexpr int64_t kTasks = 4;  // episodes per step of MAML

template <typename Work>
std::vector<double> seconds_of(int warmups, int rounds, Work work) {
  std::vector<double> seconds;
  for (int round = -warmups; round < rounds; ++round) {
    const Stopwatch watch;
    work();
    if (round >= 0) seconds.push_back(watch.elapsed_s());
  }
  return seconds;
}

/// Times learning the last layers of all episodes and classifying their queries.
Json time_heads(const FewShotTimesRequest& request, StateDict& saved) {
  const int64_t examples = request.ways * request.shots;
  const HeadOptions options;
  // The classes overlap, so that some queries are classified wrongly.
  const auto centres = torch::randn({request.episodes, request.ways, 1, request.features});
  const auto features =
      0.15 * centres + torch::randn({request.episodes, request.ways,
                                     request.shots + request.queries, request.features});
  const double bound = 1 / std::sqrt(double(request.features));
  const Heads start = {
      torch::empty({request.episodes, request.ways, request.features}).uniform_(-bound, bound),
      torch::empty({request.episodes, request.ways}).uniform_(-bound, bound)};
  const auto orders =
      torch::rand({request.episodes, options.epochs, examples}).argsort(int64_t{-1});
  torch::Tensor accuracies;
  const auto seconds = seconds_of(1, 3, [&] {
    const auto support = features.narrow(2, 0, request.shots).flatten(1, 2);
    const auto queries = features.narrow(2, request.shots, request.queries).flatten(1, 2);
    const auto scores = scores_of(learn_heads(support, orders, start, options), queries);
    const auto labels = query_labels(request.ways, request.queries, torch::kCPU);
    accuracies = 100 * scores.argmax(2).eq(labels).to(torch::kFloat32).mean(1);
  });
  saved["features"] = features;
  saved["orders"] = orders;
  saved["weight"] = start.weight;
  saved["bias"] = start.bias;
  saved["accuracies"] = accuracies;
  return seconds;
}

Json time_maml(const FewShotTimesRequest& request, StateDict& saved, double& first_loss) {
  Catalog catalog;
  register_methods(catalog);
  const auto method = catalog.few_shot_methods.make(
      "maml", SpecReader({{"maml_second_order", request.second_order}}, "--second-order"),
      {SpecReader(request.model, "--model"), request.ways, request.size_px});
  use_channels_last(*method);
  const auto images = torch::randn(
      {kTasks, request.ways, request.shots + request.queries, 3, request.size_px, request.size_px});
  for (const auto& [name, tensor] : state_dict(*method))
    saved["maml/" + name] = tensor.detach().clone();
  saved["images"] = images;
  Recipe adam;
  adam.optimizer = "adamw";
  Optimizer optimizer(*method, adam);
  method->train();
  first_loss = -1;
  return seconds_of(1, 5, [&] {
    const auto loss = loss_of_episodes(*method, images, request.shots);
    loss.backward();
    optimizer.step(1e-3);
    optimizer.zero_grad();
    if (first_loss < 0) first_loss = loss.item<double>();
  });
}

}  // namespace

Json few_shot_times(const FewShotTimesRequest& request) {
  set_threads(request.threads);
  torch::manual_seed(0);
  StateDict saved;
  double loss = 0;
  const Json heads_s = time_heads(request, saved);
  const Json maml_step_s = time_maml(request, saved, loss);
  if (!request.save.empty()) write_weights(request.save, saved);
  return {{"heads_s", heads_s}, {"maml_step_s", maml_step_s}, {"loss", loss}};
}

}  // namespace mra
