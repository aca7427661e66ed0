#include "tests/device/stand_in_device.h"

#include <gtest/gtest.h>

namespace mra {
namespace {

const torch::Device kStandIn = stand_in_device();

TEST(StandInDevice, RefusesTensorsOfTheCpu) {
  const auto here = torch::ones({2}), there = torch::ones({2}, kStandIn);
  EXPECT_THROW(here + there, c10::Error);
  EXPECT_THROW(torch::mm(torch::ones({2, 2}, kStandIn), torch::ones({2, 2})), c10::Error);
}

TEST(StandInDevice, CountsWhatCrosses) {
  const Traffic before = traffic();
  const auto value = torch::ones({4}).to(kStandIn).sum();
  EXPECT_EQ((traffic() - before).uploads, 1);
  EXPECT_EQ((traffic() - before).pageable_uploads, 1);
  EXPECT_EQ((traffic() - before).upload_bytes, 16);
  EXPECT_EQ((traffic() - before).reads, 0);
  EXPECT_EQ(value.item<float>(), 4);
  EXPECT_EQ((traffic() - before).reads, 1);
  torch::empty({4}, torch::TensorOptions().pinned_memory(true)).to(kStandIn);
  EXPECT_EQ((traffic() - before).pageable_uploads, 1);
}

TEST(StandInDevice, GradientsAreTheCpus) {
  torch::manual_seed(1);
  const auto run = [](torch::Device device) {
    torch::manual_seed(2);
    torch::nn::Sequential network(torch::nn::Conv2d(torch::nn::Conv2dOptions(3, 8, 3).bias(false)),
                                  torch::nn::BatchNorm2d(8), torch::nn::ReLU(),
                                  torch::nn::Flatten(), torch::nn::Linear(8 * 36, 5));
    const auto images = torch::randn({4, 3, 8, 8}).to(device);
    network->to(device);
    network->forward(images).square().mean().backward();
    std::vector<torch::Tensor> all;
    for (const auto& parameter : network->parameters()) all.push_back(parameter.grad().cpu());
    for (const auto& buffer : network->buffers()) all.push_back(buffer.cpu());
    return all;
  };
  const auto cpu = run(torch::kCPU), other = run(kStandIn);
  for (size_t i = 0; i < cpu.size(); ++i) EXPECT_TRUE(cpu[i].equal(other[i])) << i;
}

}  // namespace
}  // namespace mra
