// What only a GPU can show: it computes what the CPU computes, within the rounding of fp32 and
// bf16, and the same again when asked again. Skipped, with the reason, where there is none.
#include <gtest/gtest.h>

#include "baselines/augment/mra_augment.h"
#include "harness/model/classifier.h"
#include "harness/model/mae.h"
#include "harness/train/device.h"
#include "harness/train/loss.h"
#include "harness/train/optimizer.h"

namespace mra {
namespace {

/// The network of the mini scale and a batch for it, on any device.
struct Classification {
  explicit Classification(torch::Device device) {
    torch::manual_seed(5);
    const Json options = {{"name", "resnet18"}, {"width", 16}, {"stem", "conv3_s2"}};
    network = make_classifier(SpecReader(options, "test"), 10);
    images = torch::randn({32, 3, 64, 64}).to(device);
    targets = one_hot_targets(torch::randint(10, {32}, torch::kInt64), 10).to(device);
    use_channels_last(*network);
    network->to(device);
  }
  torch::Tensor loss(const std::string& precision) {
    const AutocastScope scope(images.device(), precision);
    return soft_cross_entropy(network->forward(images), targets);
  }
  /// Losses of the first steps of SGD.
  std::vector<double> train(const std::string& precision, int steps) {
    Recipe recipe;
    recipe.momentum = 0.9;
    Optimizer optimizer(*network, recipe);
    std::vector<double> losses;
    for (int step = 0; step < steps; ++step) {
      const torch::Tensor value = loss(precision);
      value.backward();
      optimizer.step(0.01);
      optimizer.zero_grad();
      losses.push_back(value.item<double>());
    }
    return losses;
  }

  Classifier network;
  torch::Tensor images, targets;
};

/// The augmentor of the mini scale, pictures and noise, on any device.
struct Augmentation {
  explicit Augmentation(torch::Device device) {
    torch::manual_seed(6);
    mae = MaskedAutoencoder(MaeOptions{.image_px = 64,
                                       .patch_px = 8,
                                       .dim = 128,
                                       .depth = 4,
                                       .heads = 4,
                                       .decoder_dim = 96,
                                       .decoder_depth = 2,
                                       .decoder_heads = 4});
    images = torch::randn({16, 3, 64, 64}).to(device);
    noise = torch::rand({16, 64}).to(device);
    mae->to(device);
  }
  MraResult hide(const std::string& way, const std::string& precision = "fp32") {
    const AutocastScope scope(images.device(), precision);
    MraOptions options;
    options.hide = way;
    return mra_augment(mae, images, options, noise);
  }

  /// Losses of the first steps of AdamW.
  std::vector<double> train(const std::string& precision, int steps) {
    Recipe recipe;
    recipe.optimizer = "adamw";
    Optimizer optimizer(*mae, recipe);
    std::vector<double> losses;
    for (int step = 0; step < steps; ++step) {
      torch::Tensor value;
      {
        const AutocastScope scope(images.device(), precision);
        value = mae->loss(images, noise, 0.4);
      }
      value.backward();
      optimizer.step(1e-3);
      optimizer.zero_grad();
      losses.push_back(value.item<double>());
    }
    return losses;
  }

  MaskedAutoencoder mae{nullptr};
  torch::Tensor images, noise;
};

/// Largest difference, relative to the largest value.
double distance(const torch::Tensor& left, const torch::Tensor& right) {
  const torch::Tensor a = left.to(torch::kCPU, torch::kFloat64);
  const torch::Tensor b = right.to(torch::kCPU, torch::kFloat64);
  return ((a - b).abs().max() / b.abs().max()).item<double>();
}

class OnGpu : public testing::Test {
 protected:
  void SetUp() override {
    make_deterministic();
    if (cuda_device_count() == 0) GTEST_SKIP() << "no GPU here";
  }
  const torch::Device gpu{torch::kCUDA, 0};
};

TEST_F(OnGpu, AClassifierGivesTheCpusScores) {
  Classification cpu(torch::kCPU), other(gpu);
  const torch::NoGradGuard no_grad;
  cpu.network->eval();
  other.network->eval();
  EXPECT_LT(distance(other.network->forward(other.images), cpu.network->forward(cpu.images)), 1e-4);
}

TEST_F(OnGpu, TheFirstLossesAreTheCpus) {
  const auto cpu = Classification(torch::kCPU).train("fp32", 4);
  const auto other = Classification(gpu).train("fp32", 4);
  for (size_t step = 0; step < cpu.size(); ++step)
    EXPECT_NEAR(other[step], cpu[step], 1e-3 * cpu[step]) << "step " << step;
}

TEST_F(OnGpu, TheSameTrainingAgainIsTheSameBitForBit) {
  EXPECT_EQ(Classification(gpu).train("fp32", 8), Classification(gpu).train("fp32", 8));
}

/// The backward pass of attention adds in any order, unless LibTorch is told not to.
TEST_F(OnGpu, TheSamePretrainingAgainIsTheSameBitForBit) {
  for (const std::string precision : {"fp32", "bf16"})
    EXPECT_EQ(Augmentation(gpu).train(precision, 8), Augmentation(gpu).train(precision, 8))
        << precision;
}

TEST_F(OnGpu, AnAugmentorHasTheCpusLossAndAttention) {
  Augmentation cpu(torch::kCPU), other(gpu);
  const torch::NoGradGuard no_grad;
  EXPECT_LT(distance(other.mae->loss(other.images, other.noise, 0.4),
                     cpu.mae->loss(cpu.images, cpu.noise, 0.4)),
            1e-4);
  EXPECT_LT(distance(other.mae->attention(other.mae->embed(other.images), {}),
                     cpu.mae->attention(cpu.mae->embed(cpu.images), {})),
            1e-3);
}

TEST_F(OnGpu, MraHidesAndPaintsWhatItDoesOnTheCpu) {
  const MraResult cpu = Augmentation(torch::kCPU).hide("random");
  const MraResult other = Augmentation(gpu).hide("random");
  EXPECT_TRUE(other.hidden.to(torch::kCPU).equal(cpu.hidden));
  EXPECT_LT(distance(other.output, cpu.output), 1e-3);
}

/// bf16 keeps 8 bits: one rounding is up to 0.4 %. On the CPU too, so that the bounds are tried on
/// every machine.
class InBf16 : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    make_deterministic();
    if (device().is_cuda() && cuda_device_count() == 0) GTEST_SKIP() << "no GPU here";
  }
  torch::Device device() const { return torch::Device(std::string(GetParam())); }
};
INSTANTIATE_TEST_SUITE_P(Devices, InBf16, testing::Values("cpu", "cuda"),
                         [](const auto& device) { return std::string(device.param); });

TEST_P(InBf16, LossesStayNearThoseOfFp32) {
  const auto exact = Classification(device()).train("fp32", 4);
  const auto rounded = Classification(device()).train("bf16", 4);
  for (size_t step = 0; step < exact.size(); ++step)
    EXPECT_NEAR(rounded[step], exact[step], 0.02 * exact[step]) << "step " << step;
  EXPECT_NE(rounded, exact) << "autocast did nothing";
}

TEST_P(InBf16, MraLeavesWhatIsSeenBitForBit) {
  Augmentation augmentation(device());
  const MraResult exact = augmentation.hide("random"),
                  rounded = augmentation.hide("random", "bf16");
  EXPECT_TRUE(rounded.hidden.equal(exact.hidden));
  const torch::Tensor seen = 1 - rounded.hidden;
  const auto seen_patches = [&](const torch::Tensor& pictures) {
    return augmentation.mae->patchify(pictures).index({seen.to(torch::kBool)});
  };
  EXPECT_TRUE(seen_patches(rounded.output).equal(seen_patches(augmentation.images)));
  EXPECT_LT(distance(rounded.output, exact.output), 0.02);
  EXPECT_EQ(rounded.output.scalar_type(), torch::kFloat32);
}

}  // namespace
}  // namespace mra
