// Pictures on their way to a device: copies begin early, and what arrives is what the CPU reads.
#include "harness/tasks/picture_feed.h"

#include <gtest/gtest.h>

#include "harness/worker/run_request.h"
#include "tests/device/stand_in_device.h"

namespace mra {
namespace {

class Feed : public testing::TestWithParam<int> {
 protected:
  Feed() {
    spec_.resolved = Json::object();
    spec_.dataset = {{"kind", "shapes"}, {"name", "shapes"}, {"train_pictures", 230}};
    spec_.input = {{"size_px", 16}};
  }

  PictureFeed feed(torch::Device device) {
    TaskContext context{.spec = spec_, .catalog = full_catalog(), .data_dirs = {}, .method = {}};
    context.loader_threads = GetParam();
    context.method.device = device;
    return PictureFeed(with_input(context), Split::kTrain, {.batch_size = 16});
  }

  ExperimentSpec spec_;
};
INSTANTIATE_TEST_SUITE_P(LoaderThreads, Feed, testing::Values(0, 3));

std::vector<Batch> all(PictureFeed& feed) {
  std::vector<Batch> batches;
  for (Batch batch; feed.next(batch);) batches.push_back(batch);
  return batches;
}

TEST_P(Feed, GivesWhatTheCpuReads) {
  PictureFeed cpu = feed(torch::kCPU), other = feed(stand_in_device());
  for (int64_t epoch = 0; epoch < 2; ++epoch) {
    cpu.start_training(epoch, 0);
    other.start_training(epoch, 0);
    const auto expected = all(cpu), found = all(other);
    ASSERT_EQ(expected.size(), 15u);
    ASSERT_EQ(found.size(), expected.size());
    for (size_t i = 0; i < found.size(); ++i) {
      EXPECT_TRUE(found[i].images.cpu().allclose(expected[i].images, 0, 1e-6)) << i;
      EXPECT_TRUE(found[i].targets.cpu().equal(expected[i].targets)) << i;
      EXPECT_TRUE(found[i].indices.equal(expected[i].indices)) << i;
    }
  }
}

TEST_P(Feed, BeginsCopiesTwoBatchesAhead) {
  PictureFeed pictures = feed(stand_in_device());
  pictures.start_training(0, 0);
  const Traffic before = traffic();
  Batch batch;
  ASSERT_TRUE(pictures.next(batch));
  EXPECT_EQ((traffic() - before).uploads_beside, 3 * 2);  // pixels and labels of three batches
  EXPECT_EQ((traffic() - before).pageable_uploads, 0);
  ASSERT_TRUE(pictures.next(batch));
  EXPECT_EQ((traffic() - before).uploads_beside, 4 * 2);
}

TEST_P(Feed, APassCanEndEarly) {
  PictureFeed cpu = feed(torch::kCPU), other = feed(stand_in_device());
  other.start_training(0, 0);
  Batch batch;
  ASSERT_TRUE(other.next(batch));
  cpu.start_training(1, 3);
  other.start_training(1, 3);
  const auto expected = all(cpu), found = all(other);
  ASSERT_EQ(found.size(), expected.size());
  EXPECT_TRUE(found[0].images.cpu().allclose(expected[0].images, 0, 1e-6));
}

}  // namespace
}  // namespace mra
