// Few-shot methods, the task that teaches them and the judge that tests them.
#include <gtest/gtest.h>

#include "baselines/catalog.h"
#include "baselines/few_shot/episode_heads.h"
#include "baselines/few_shot/maml.h"
#include "harness/base/error.h"
#include "harness/model/fast_weights.h"
#include "harness/model/state_dict.h"
#include "harness/tasks/episode_test.h"
#include "harness/train/device.h"
#include "harness/train/stepper.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

const Json kModel = {
    {"name", "few_shot_resnet18"}, {"width", 4}, {"stem", "conv3_s2"}, {"blocks", {1, 1, 1}}};

Json spec_of(const Json& patch) {
  Json spec = {{"version", 1},
               {"scale", "smoke"},
               {"task", "few_shot"},
               {"dataset",
                {{"kind", "base_novel"},
                 {"name", "few"},
                 {"of", {{"kind", "shapes"}, {"name", "shapes"}, {"train_pictures", 200}}},
                 {"base", 5},
                 {"val", 2},
                 {"novel", 3}}},
               {"input", {{"size_px", 32}, {"scale", {0.5, 1.0}}}},
               {"model", kModel},
               {"task_options",
                {{"method", "proto_net"},
                 {"shot", 1},
                 {"ways", 2},
                 {"queries", 3},
                 {"episodes_per_epoch", 4},
                 {"validation_episodes", 5}}},
               {"recipe",
                {{"epochs", 1},
                 {"batch_size", 1},
                 {"optimizer", "adamw"},
                 {"lr", 0.001},
                 {"schedule", "constant"}}}};
  spec.merge_patch(patch);
  return spec;
}

class FewShot : public testing::Test {
 protected:
  FewShot() {
    register_tasks(catalog_);
    register_methods(catalog_);
  }
  TaskContext context(const Json& patch) {
    experiment_ = read_experiment(spec_of(patch), "test", "test");
    return {.spec = experiment_, .catalog = catalog_, .data_dirs = {}, .method = {}};
  }
  std::unique_ptr<Task> task(const Json& patch) { return make_task(context(patch)); }
  std::string refusal(const Json& patch) {
    try {
      task(patch);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  Catalog catalog_;
  ExperimentSpec experiment_;
};

const Json kMethods = {
    {"proto_net", Json::object()},
    {"matching_net", Json::object()},
    {"relation_net", {{"relation_loss", "softmax"}}},
    {"maml", {{"maml_second_order", true}}},
};

TEST_F(FewShot, EveryMethodTakesAStepAndIsTested) {
  for (const auto& [name, options] : kMethods.items()) {
    SCOPED_TRACE(name);
    const Json patch = {{"task_options", {{"method", name}, {"method_options", options}}},
                        {"recipe", {{"batch_size", 2}}}};
    const auto learner = task(patch);
    EXPECT_EQ(learner->steps_per_epoch(), 2);
    EXPECT_EQ(learner->images_per_step(), 16);
    learner->start_epoch(0, 0);
    const StepInputs inputs = learner->inputs({});
    EXPECT_EQ(inputs.at("episodes").sizes(), (std::vector<int64_t>{2, 2, 4, 3, 32, 32}));
    learner->loss({}, inputs).backward();
    for (const auto& parameter : learner->module().named_parameters()) {
      ASSERT_TRUE(parameter.value().grad().defined()) << parameter.key() << " is not learnt";
      EXPECT_TRUE(parameter.value().grad().isfinite().all().item<bool>());
    }
    const double accuracy = learner->evaluate().at("val_accuracy");
    EXPECT_GE(accuracy, 0);
    EXPECT_LE(accuracy, 100);
    EXPECT_EQ(learner->evaluate().at("val_accuracy"), accuracy);
  }
}

TEST_F(FewShot, ValidationLeavesTheNetworkOfMamlAsItIs) {
  const auto learner = task({{"task_options", {{"method", "maml"}}}});
  StateDict before;
  for (const auto& [name, tensor] : state_dict(learner->module())) before[name] = tensor.clone();
  learner->evaluate();
  for (const auto& [name, tensor] : state_dict(learner->module()))
    EXPECT_TRUE(tensor.equal(before.at(name))) << name;
}

TEST_F(FewShot, MamlLearnsFromEpisodesSideBySideAsOneByOne) {
  set_threads(1);  // then slices of a batch have threads of their own
  const auto learner = task(
      {{"task_options", {{"method", "maml"}, {"method_options", {{"maml_second_order", true}}}}},
       {"recipe", {{"batch_size", 4}}}});
  Stepper stepper(*learner, experiment_.recipe, torch::kCPU);
  learner->module().train();
  learner->start_epoch(0, 0);
  const StepInputs inputs = stepper.inputs({});
  stepper.forward({}, inputs);
  const auto parameters = learner->module().parameters();
  std::vector<torch::Tensor> sums(parameters.size());
  for (int64_t e = 0; e < 4; ++e) {
    const auto loss = learner->loss({}, {{"episodes", inputs.at("episodes").narrow(0, e, 1)}});
    const auto gradients = torch::autograd::grad({loss}, parameters);
    for (size_t i = 0; i < sums.size(); ++i)
      sums[i] = e == 0 ? gradients[i] : sums[i] + gradients[i];
  }
  for (size_t i = 0; i < sums.size(); ++i) EXPECT_TRUE(parameters[i].grad().equal(sums[i])) << i;
  set_threads(0);
}

TEST_F(FewShot, TheSameEpisodesTestEveryMethod) {
  const EpisodeShape shape{.ways = 2, .shots = 1, .queries = 3};
  const TaskContext proto = with_input(context(Json::object()));
  const auto indices = EpisodeTest(proto, Split::kNovel, shape, 4).indices();
  const TaskContext maml = with_input(context({{"task_options", {{"method", "maml"}}}}));
  EXPECT_TRUE(EpisodeTest(maml, Split::kNovel, shape, 4).indices().equal(indices));
}

TEST_F(FewShot, BaselineLearnsTheBaseClassesWithMoreOutputs) {
  Json options = {{"task", "supervised"},
                  {"task_options",
                   {{"method", nullptr},
                    {"shot", nullptr},
                    {"ways", nullptr},
                    {"queries", nullptr},
                    {"episodes_per_epoch", nullptr},
                    {"validation_episodes", nullptr},
                    {"outputs", 20}}},
                  {"recipe", {{"batch_size", 8}}}};
  const auto learner = task(options);
  EXPECT_EQ(learner->steps_per_epoch(), 12);  // of 100 pictures of base classes
  learner->start_epoch(0, 0);
  const StepInputs inputs = learner->inputs({});
  EXPECT_EQ(inputs.at("targets").sizes(), (std::vector<int64_t>{8, 20}));
  EXPECT_EQ(inputs.at("targets").narrow(1, 5, 15).sum().item<double>(), 0);
  learner->loss({}, inputs).backward();
  EXPECT_TRUE(learner->evaluate().empty()) << "the validation classes are others";
  EXPECT_EQ(learner->headline(), "");

  const TempDir dir;
  write_weights(dir / "weights.safetensors", state_dict(learner->module()),
                learner->weights_metadata());
  const TaskContext run = context(options);
  const auto judge = [&] {
    return catalog_.judges.make(
        "episodes",
        SpecReader({{"ways", 3}, {"shots", {1, 5}}, {"queries", 4}, {"count", 6}}, "test"),
        JudgeContext{run, dir / "weights.safetensors"});
  };
  const Judged judged = judge();
  ASSERT_EQ(judged.details.at("shot5_accuracies").size(), 6u);
  double sum = 0;
  for (const Json& accuracy : judged.details.at("shot5_accuracies")) sum += accuracy.get<double>();
  EXPECT_NEAR(judged.metrics.at("episodes/shot5_accuracy"), sum / 6, 1e-9);
  EXPECT_GT(judged.metrics.at("episodes/shot1_accuracy_ci95"), 0);
  EXPECT_EQ(judge().details, judged.details) << "a second time the same";
  options["task_options"]["outputs"] = 4;
  EXPECT_NE(refusal(options).find("is below the 5 classes"), std::string::npos);
}

TEST_F(FewShot, RefusesWhatCannotBe) {
  EXPECT_NE(refusal({{"task_options", {{"ways", 6}}}}).find("6 ways, but there are only 5 classes"),
            std::string::npos);
  EXPECT_NE(refusal({{"task_options", {{"ways", 3}}}}).find("3 ways, but there are only 2 classes"),
            std::string::npos)
      << "of validation";
  EXPECT_NE(refusal({{"task_options", {{"queries", 40}}}}).find("has 20 pictures"),
            std::string::npos);
  EXPECT_NE(refusal({{"recipe", {{"batch_size", 3}}}}).find("cannot be divided into steps"),
            std::string::npos);
  EXPECT_NE(refusal({{"task_options", {{"method", "prot_net"}}}}).find("proto_net"),
            std::string::npos);
  EXPECT_NE(refusal({{"task_options", {{"method_options", {{"steps", 3}}}}}}).find("steps"),
            std::string::npos);
  const Json deep = {{"task_options", {{"method", "relation_net"}}},
                     {"model", {{"blocks", {1, 1, 1, 1, 1}}}}};
  EXPECT_NE(refusal(deep).find("too small to be compared"), std::string::npos);
}

// --- last layers of Baseline

torch::Tensor shuffled_orders(int64_t episodes, int64_t epochs, int64_t examples) {
  return torch::rand({episodes, epochs, examples}).argsort(int64_t{-1});
}

TEST(EpisodeHeads, LearnAsSgdOnTheWeightsDoes) {
  torch::manual_seed(3);
  const HeadOptions options{
      .epochs = 7, .batch = 3, .lr = 0.05, .momentum = 0.8, .dampening = 0.5, .weight_decay = 0.01};
  const int64_t episodes = 3, ways = 4, shots = 2, features = 11, examples = ways * shots;
  const auto x = torch::randn({episodes, examples, features});
  const auto orders = shuffled_orders(episodes, options.epochs, examples);
  const Heads start{torch::randn({episodes, ways, features}), torch::randn({episodes, ways})};
  const Heads learnt = learn_heads(x, orders, start, options);
  for (int64_t e = 0; e < episodes; ++e) {
    auto weight = start.weight[e].clone().requires_grad_();
    auto bias = start.bias[e].clone().requires_grad_();
    torch::optim::SGD sgd({weight, bias}, torch::optim::SGDOptions(options.lr)
                                              .momentum(options.momentum)
                                              .dampening(options.dampening)
                                              .weight_decay(options.weight_decay));
    for (const torch::Tensor& order : orders[e].unbind(0))
      for (const torch::Tensor& batch : order.split(options.batch)) {
        sgd.zero_grad();
        const auto scores = torch::linear(x[e].index_select(0, batch), weight, bias);
        torch::cross_entropy_loss(scores, torch::div(batch, shots, "trunc")).backward();
        sgd.step();
      }
    EXPECT_TRUE(learnt.weight[e].allclose(weight, 1e-4, 1e-5));
    EXPECT_TRUE(learnt.bias[e].allclose(bias, 1e-4, 1e-5));
  }
}

TEST(EpisodeHeads, DoNotSeeOneAnother) {
  torch::manual_seed(4);
  const HeadOptions options{.epochs = 5};
  const auto x = torch::randn({2, 6, 9});
  const auto orders = shuffled_orders(2, options.epochs, 6);
  const Heads start{torch::randn({2, 3, 9}), torch::randn({2, 3})};
  const CosineHeads cosine{torch::rand({2, 3, 1}), torch::randn({2, 3, 9})};
  const Heads both = learn_heads(x, orders, start, options);
  const CosineHeads both_cosine = learn_cosine_heads(x, orders, cosine, 2, options);
  const auto second = [](const torch::Tensor& tensor) { return tensor.narrow(0, 1, 1); };
  const Heads alone =
      learn_heads(second(x), second(orders), {second(start.weight), second(start.bias)}, options);
  const CosineHeads alone_cosine = learn_cosine_heads(
      second(x), second(orders), {second(cosine.length), second(cosine.direction)}, 2, options);
  EXPECT_TRUE(second(both.weight).allclose(alone.weight, 1e-5, 1e-6));
  EXPECT_TRUE(second(both_cosine.direction).allclose(alone_cosine.direction, 1e-4, 1e-5));
}

// --- weights in place of a network's own

TEST(FastWeights, ServeAWhileAndLeaveTheNetworkItsOwn) {
  torch::manual_seed(5);
  const Classifier network = make_classifier(SpecReader(kModel, "test"), 3);
  network->eval();
  const auto images = torch::randn({2, 3, 16, 16});
  const auto before = network->forward(images);
  {
    FastWeights fast(*network);
    EXPECT_EQ(fast.parameters().size(), network->parameters().size());
    std::vector<torch::Tensor> weights;
    for (const auto& own : fast.parameters()) weights.push_back(own * 0.5);
    fast.use(weights);
    EXPECT_FALSE(network->forward(images).allclose(before));
    for (const auto& parameter : network->parameters()) EXPECT_TRUE(parameter.is_leaf());
  }
  EXPECT_TRUE(network->forward(images).equal(before));
}

TEST(FastWeights, RefuseANetworkWithLayersTheyDoNotKnow) {
  torch::nn::Sequential network(torch::nn::Linear(2, 2), torch::nn::Embedding(3, 2));
  EXPECT_THROW(FastWeights fast(*network), c10::Error);
}

}  // namespace
}  // namespace mra
