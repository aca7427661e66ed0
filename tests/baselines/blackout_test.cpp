// The README's example of a method of one's own: blackout.cpp is that text.
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/tasks/catalog.h"

namespace mra {

BatchTransform make_blackout(SpecReader options, const MethodContext& context);

static BatchTransform blackout(const Json& options) {
  Catalog catalog;
  catalog.batch_transforms.add("blackout", make_blackout);
  return catalog.batch_transforms.make("blackout", SpecReader(options, "test"), {});
}

TEST(ReadmeExample, ChangesBatchesAsOftenAsItSays) {
  const auto half = blackout({{"prob", 0.5}});
  int black = 0;
  constexpr int kBatches = 400;
  for (uint64_t i = 0; i < kBatches; ++i) {
    Rng rng({.seed = 1, .index = i, .purpose = Purpose::kBatch});
    Batch batch;
    batch.images = torch::ones({1, 3, 2, 2});
    black += half(batch, rng).images.sum().item<float>() == 0;
  }
  EXPECT_NEAR(black, kBatches / 2, 50);
}

TEST(ReadmeExample, RefusesAMisspeltOption) {
  EXPECT_THROW(blackout({{"prob", 0.5}, {"porb", 1}}), Error);
  EXPECT_THROW(blackout({{"prob", 2}}), Error);
}

}  // namespace mra
