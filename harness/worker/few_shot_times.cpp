#include "harness/worker/few_shot_times.h"

#include <algorithm>
#include <ctime>
#include <limits>

#include "baselines/catalog.h"
#include "baselines/few_shot/episode_heads.h"
#include "harness/base/stopwatch.h"
#include "harness/model/state_dict.h"
#include "harness/tasks/episode_test.h"
#include "harness/train/device.h"
#include "harness/train/stepper.h"

namespace mra {
namespace {

constexpr int64_t kTasks = 4;  // episodes per step of MAML
constexpr int kTimes = 4;      // calls of which the fastest counts, as in ci/compare/few_shot.py

/// Returns the seconds of the fastest of `times` calls. The first one fills caches, and what else
/// the machine does only adds to the others.
template <typename Work>
double fastest_s(int times, double (*now_s)(), Work work) {
  double fastest = std::numeric_limits<double>::infinity();
  for (int i = 0; i < times; ++i) {
    const double start = now_s();
    work();
    fastest = std::min(fastest, now_s() - start);
  }
  return fastest;
}

double processor_s() {
  return double(std::clock()) / CLOCKS_PER_SEC;
}

double passed_s() {
  static const Stopwatch since_start;
  return since_start.elapsed_s();
}

/// Times learning the last layers of all episodes and classifying their queries.
double time_heads(const FewShotTimesRequest& request, StateDict& saved) {
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
  const double seconds = fastest_s(2, processor_s, [&] {
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

std::shared_ptr<FewShotMethod> method_of(const std::string& name, const Json& options,
                                         const FewShotContext& context) {
  Catalog catalog;
  register_methods(catalog);
  return catalog.few_shot_methods.make(name, SpecReader(options, "few-shot-times"), context);
}

/// Times classifying the queries of the first episodes from features of the paper's size.
Json time_method(const std::string& name, int64_t episodes, const FewShotTimesRequest& request,
                 StateDict& saved) {
  constexpr int64_t kPaper_px = 224;
  const Json model = {{"name", "few_shot_resnet18"}};
  const auto method =
      method_of(name, Json::object(), {SpecReader(model, "model"), request.ways, kPaper_px});
  method->start_test();
  auto features = saved.at("features");  // [E,W,k+Q,D]
  if (name == "relation_net")
    features = saved["relation_net/features"] = torch::randn(
        {episodes, request.ways, request.shots + request.queries, request.features, 7, 7});
  std::vector<torch::Tensor> scores;
  const torch::NoGradGuard no_grad;
  const double seconds = fastest_s(kTimes, processor_s, [&] {
    scores.clear();
    for (int64_t e = 0; e < episodes; ++e) {
      scores.push_back(method->scores(features[e], request.shots));
      accuracy_pct(scores.back());
    }
  });
  saved[name + "/scores"] = torch::stack(scores);
  for (const auto& [key, tensor] : state_dict(*method))
    if (!key.starts_with("backbone.")) saved[name + "/weights/" + key] = tensor;
  return {{"episodes", episodes}, {"seconds", seconds}};
}

/// Learns from the same episodes at every step.
class SameEpisodes : public Task {
 public:
  SameEpisodes(FewShotMethod& method, const FewShotTimesRequest& request)
      : method_(method),
        shots_(request.shots),
        images_(torch::randn({kTasks, request.ways, request.shots + request.queries, 3,
                              request.size_px, request.size_px})) {}

  torch::nn::Module& module() override { return method_; }
  int64_t steps_per_epoch() const override { return 1; }
  int64_t images_per_step() const override { return images_.size(0); }
  void start_epoch(int64_t, int64_t) override {}
  StepInputs inputs(const Step&) override { return {{"episodes", images_}}; }
  torch::Tensor loss(const Step&, const StepInputs& inputs) override {
    return loss_of_episodes(method_, inputs.at("episodes"), shots_);
  }
  LossOfRows loss_of_rows() const override { return LossOfRows::kSum; }
  Metrics evaluate() override { return {}; }

 private:
  FewShotMethod& method_;
  int64_t shots_;
  torch::Tensor images_;  // [T,W,k+Q,3,H,H]
};

/// Times a training step, in seconds that pass: its episodes share the cores.
Json time_maml(const FewShotTimesRequest& request, StateDict& saved) {
  const auto method =
      method_of("maml", {{"maml_second_order", request.second_order}},
                {SpecReader(request.model, "--model"), request.ways, request.size_px});
  use_channels_last(*method);
  SameEpisodes task(*method, request);
  for (const auto& [name, tensor] : state_dict(*method))
    saved["maml/" + name] = tensor.detach().clone();
  saved["images"] = task.inputs({}).at("episodes");
  Recipe adam;
  adam.optimizer = "adamw";
  adam.lr = 1e-3;
  adam.schedule = "constant";
  Stepper stepper(task, adam, torch::kCPU);
  method->train();
  std::vector<double> losses;
  const double seconds = fastest_s(kTimes, passed_s, [&] {
    const auto loss = stepper.forward({}, stepper.inputs({}));
    stepper.update({}, loss);
    losses.push_back(loss.item<double>());
  });
  return {{"seconds", seconds}, {"loss", losses.front()}};
}

}  // namespace

Json few_shot_times(const FewShotTimesRequest& request) {
  set_threads(1);
  torch::manual_seed(0);
  StateDict saved;
  Json report = {{"heads_s", time_heads(request, saved)}, {"maml", time_maml(request, saved)}};
  report["proto_net"] = time_method("proto_net", request.episodes, request, saved);
  report["matching_net"] = time_method("matching_net", 20, request, saved);
  report["relation_net"] = time_method("relation_net", 2, request, saved);
  if (!request.save.empty()) write_weights(request.save, saved);
  return report;
}

}  // namespace mra
