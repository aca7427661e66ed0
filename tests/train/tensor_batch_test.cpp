#include <gtest/gtest.h>

#include "harness/train/tensor_batch.h"

namespace mra {
namespace {

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
