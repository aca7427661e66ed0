#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/train/device.h"
#include "harness/train/ema.h"
#include "harness/train/loss.h"
#include "harness/train/metrics.h"
#include "harness/train/optimizer.h"
#include "harness/train/tensor_batch.h"
#include "tests/train/tiny_task.h"

namespace mra {
namespace {

torch::Tensor tensor(std::vector<float> values) {
  return torch::tensor(values);
}

TEST(Loss, HardAndSoftTargetsAgreeWithTheDefinition) {
  const torch::Tensor logits = tensor({1, 2, 3, 0, 0, 0}).view({2, 3});
  const torch::Tensor targets = tensor({0, 0, 1, 0.5, 0.25, 0.25}).view({2, 3});
  const double first = std::log(std::exp(1) + std::exp(2) + std::exp(3)) - 3, second = std::log(3);
  EXPECT_NEAR(soft_cross_entropy(logits, targets).item<double>(), (first + second) / 2, 1e-6);
}

TEST(Loss, SmoothingMixesTargetsWithTheUniformOne) {
  const torch::Tensor smooth = smooth_targets(tensor({1, 0, 0, 0}).view({1, 4}), 0.2);
  EXPECT_TRUE(torch::allclose(smooth, tensor({0.85f, 0.05f, 0.05f, 0.05f}).view({1, 4})));
  EXPECT_FLOAT_EQ(smooth.sum().item<float>(), 1.0f);
}

TEST(AveragedWeights, FollowTheirDefinitionAndAreExchangedExactly) {
  TinyNet net;
  AveragedWeights averaged(*net, 0.75);
  const torch::Tensor start = net->fc->weight.detach().clone();
  {
    const torch::NoGradGuard no_grad;
    net->fc->weight.add_(1);
  }
  averaged.update();
  averaged.update();
  const torch::Tensor current = net->fc->weight.detach().clone();
  const void* memory = net->fc->weight.data_ptr();
  {
    const AveragedWeights::Scope scope(averaged);
    EXPECT_TRUE(torch::allclose(net->fc->weight, start + (1 - 0.75 * 0.75)));
  }
  EXPECT_TRUE(net->fc->weight.equal(current));
  EXPECT_EQ(net->fc->weight.data_ptr(), memory) << "nothing is copied";
}

TEST(AveragedWeights, CanBeAskedBetweenForwardAndBackward) {
  TinyNet net, twin;
  AveragedWeights averaged(*net, 0.9);
  const torch::Tensor images = torch::rand({2, 3, 6, 6});
  const torch::Tensor loss = net->forward(images).square().sum();
  {
    const torch::NoGradGuard no_grad;
    torch::Tensor(averaged.state().at("fc.weight")).fill_(0);
    const AveragedWeights::Scope scope(averaged);
    net->forward(images);
  }
  loss.backward();
  twin->forward(images).square().sum().backward();
  for (size_t i = 0; i < net->parameters().size(); ++i)
    EXPECT_TRUE(net->parameters()[i].grad().equal(twin->parameters()[i].grad()));
}

/// One step of weight decay alone, written out, for a parameter of any layout.
TEST(Optimizer, DoesNotDependOnTheMemoryFormat) {
  Recipe recipe;
  recipe.momentum = 0.9;
  recipe.weight_decay = 0.1;
  TinyNet rows, channels;
  use_channels_last(*channels);
  ASSERT_FALSE(channels->conv1->weight.is_contiguous());
  for (TinyNet* net : {&rows, &channels}) {
    Optimizer optimizer(**net, recipe);
    for (int64_t step = 0; step < 3; ++step) {
      const torch::Tensor x = torch::arange(2 * 3 * 36, torch::kFloat32).sin().view({2, 3, 6, 6});
      (*net)->forward(x).square().sum().backward();
      optimizer.step(0.01);
      optimizer.zero_grad();
    }
  }
  for (const auto& item : rows->named_parameters())
    EXPECT_TRUE(torch::allclose(item.value(), channels->named_parameters()[item.key()], 1e-4, 1e-5))
        << item.key();
}

TEST(Optimizer, AGradientOfAnotherLayoutIsReadByItsShape) {
  TinyNet net;
  use_channels_last(*net);
  const torch::Tensor before = net->conv1->weight.detach().clone();
  Optimizer optimizer(*net, Recipe{});
  const torch::Tensor gradient =
      torch::arange(before.numel(), torch::kFloat32).view(before.sizes());
  net->conv1->weight.mutable_grad() = gradient;
  optimizer.step(1.0);
  EXPECT_TRUE(torch::allclose(net->conv1->weight, before - gradient));
}

TEST(Optimizer, DecaysOnlyWhatTheRecipeNames) {
  EXPECT_TRUE(has_decay("all", "bn1.bias", 1));
  EXPECT_FALSE(has_decay("matrices", "bn1.weight", 1));
  EXPECT_TRUE(has_decay("matrices", "fc.weight", 2));
  EXPECT_FALSE(has_decay("name:bn,bias", "fc.bias", 1));
  EXPECT_TRUE(has_decay("name:bn,bias", "layer2.0.downsample.1.weight", 1));
}

TEST(Metrics, EqualLogitsRankTheLowerClassFirst) {
  const torch::Tensor logits = tensor({1, 1, 0, 2, 2, 2}).view({2, 3});
  EXPECT_TRUE(label_rank(logits, torch::tensor({1, 0})).equal(torch::tensor({1, 0})));
}

TEST(Metrics, ANanNeverCountsAsRight) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  TopK accuracy;
  accuracy.add(torch::full({4, 10}, nan), torch::tensor({0, 3, 5, 9}));
  EXPECT_EQ(accuracy.correct1, 0);
  EXPECT_EQ(accuracy.correct5, 0);
}

TEST(Metrics, AGroupWithoutClassesIsZeroAndNotANan) {
  const GroupAccuracy groups = group_accuracy({0, 1, 1}, {0, 1, 0}, {500, 50});
  EXPECT_DOUBLE_EQ(groups.many, 50);
  EXPECT_DOUBLE_EQ(groups.medium, 100);
  EXPECT_EQ(groups.few, 0);
  EXPECT_NEAR(groups.all, 200.0 / 3, 1e-12);
}

TEST(Device, AGpuThatIsNotThereIsAnEnvironmentError) {
  const std::string beyond = "cuda:" + std::to_string(cuda_device_count());
  try {
    select_device(beyond);
    FAIL() << "found " << beyond;
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kEnvironment);
    EXPECT_FALSE(error.cure.empty());
  }
}

TEST(Device, AMisspeltDeviceIsAUsageError) {
  for (const std::string name : {"gpu", "cuda:", "cuda:x", "cuda1", ""}) {
    try {
      select_device(name);
      FAIL() << "accepted " << name;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::kUsage) << name;
    }
  }
}

TEST(Device, TheProcessorIsAlwaysThere) {
  EXPECT_TRUE(select_device("cpu").is_cpu());
  EXPECT_EQ(describe_device(torch::kCPU).at("kind"), "cpu");
}

TEST(Autocast, HoldsWithinItsScopeOnly) {
  const torch::Tensor a = torch::ones({4, 4});
  {
    const AutocastScope scope(torch::kCPU, "bf16");
    EXPECT_EQ(torch::mm(a, a).scalar_type(), torch::kBFloat16);
    EXPECT_EQ(soft_cross_entropy(torch::mm(a, a), a / 4).scalar_type(), torch::kFloat32);
  }
  EXPECT_EQ(torch::mm(a, a).scalar_type(), torch::kFloat32);
}

TEST(BatchMaker, NormalisesEveryByteByItsChannel) {
  InputOptions input;
  input.size_px = 16;
  std::vector<uint8_t> pixels(3 * 16 * 16 * 3);
  for (size_t i = 0; i < pixels.size(); ++i) pixels[i] = uint8_t(i * 7);
  const std::vector<int64_t> labels{2, 0, 1};
  const std::vector<Request> requests{{5, 2}, {6, 0}, {7, 0}};
  const BatchMaker maker(input, 4, torch::kCPU);
  const Batch batch = maker.make({3, pixels.data(), labels.data(), requests.data()});

  ASSERT_EQ(batch.images.sizes(), (std::vector<int64_t>{3, 3, 16, 16}));
  EXPECT_TRUE(batch.images.is_contiguous(torch::MemoryFormat::ChannelsLast));
  for (int64_t n = 0; n < 3; ++n)
    for (int64_t c = 0; c < 3; ++c)
      for (int64_t y = 0; y < 16; ++y)
        for (int64_t x = 0; x < 16; ++x) {
          const double byte = pixels[size_t(((n * 16 + y) * 16 + x) * 3 + c)];
          const double expected =
              (byte / 255 - double(input.mean[size_t(c)])) / double(input.std[size_t(c)]);
          ASSERT_NEAR(batch.images[n][c][y][x].item<double>(), expected, 1e-6);
        }
  EXPECT_TRUE(batch.targets.argmax(1).equal(torch::tensor({2, 0, 1})));
  EXPECT_EQ(batch.targets.sum().item<float>(), 3.0f);
  EXPECT_TRUE(batch.indices.equal(torch::tensor({5, 6, 7})));
  EXPECT_TRUE(batch.draws.equal(torch::tensor({2, 0, 0})));
}

TEST(BatchMaker, JitterIsDrawnForEachSampleAndEpochAndOnlyInTraining) {
  InputOptions input;
  input.size_px = 8;
  const std::vector<uint8_t> pixels(2 * 8 * 8 * 3, 100);
  const std::vector<int64_t> labels{0, 0};
  const std::vector<Request> requests{{5, 0}, {6, 0}}, swapped{{6, 0}, {5, 0}},
      next{{5, 1}, {6, 1}};
  const RawBatch raw{2, pixels.data(), labels.data(), requests.data()};
  const RawBatch other{2, pixels.data(), labels.data(), swapped.data()};
  const RawBatch later{2, pixels.data(), labels.data(), next.data()};
  const torch::Tensor plain = BatchMaker(input, 1, torch::kCPU).make_training(raw, 1).images;
  input.color_jitter = 0.4;
  input.lighting_std = 0.1;
  const BatchMaker maker(input, 1, torch::kCPU);
  const torch::Tensor first = maker.make_training(raw, 1).images;
  EXPECT_TRUE(maker.make(raw).images.equal(plain));
  EXPECT_FALSE(first.equal(plain));
  EXPECT_TRUE(first.equal(maker.make_training(raw, 1).images));
  EXPECT_TRUE(first.flip(0).equal(maker.make_training(other, 1).images));
  EXPECT_FALSE(first[0].equal(first[1]));
  EXPECT_FALSE(first.equal(maker.make_training(later, 1).images));
}

TEST(BatchMaker, TheBufferMayBeReusedAtOnce) {
  InputOptions input;
  input.size_px = 1;
  std::vector<uint8_t> pixels{255, 0, 10};
  std::vector<int64_t> labels{1};
  std::vector<Request> requests{{4, 0}};
  const Batch batch =
      BatchMaker(input, 2, torch::kCPU).make({1, pixels.data(), labels.data(), requests.data()});
  const torch::Tensor before = batch.images.clone();
  pixels = {1, 2, 3};
  labels = {0};
  requests = {{9, 0}};
  EXPECT_TRUE(batch.images.equal(before));
  EXPECT_EQ(batch.indices.item<int64_t>(), 4);
}

}  // namespace
}  // namespace mra
