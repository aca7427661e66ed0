#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/train/determinism.h"
#include "harness/train/device.h"
#include "harness/train/loss.h"

namespace mra {
namespace {

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

TEST(Kernels, AreDeterministicUnlessFastOnesAreAskedFor) {
  const at::Context& context = at::globalContext();
  choose_kernels("fast", "fp32");
  EXPECT_FALSE(context.deterministicAlgorithms());
  EXPECT_FALSE(context.deterministicCuDNN());
  EXPECT_TRUE(context.benchmarkCuDNN());
  choose_kernels("strict", "fp32");
  EXPECT_TRUE(context.deterministicAlgorithms());
  EXPECT_FALSE(context.deterministicAlgorithmsWarnOnly());
  EXPECT_TRUE(context.deterministicCuDNN());
  EXPECT_FALSE(context.benchmarkCuDNN());
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

}  // namespace
}  // namespace mra
