#include "harness/data/subset.h"

#include <gtest/gtest.h>

#include "harness/data/shapes.h"

namespace mra {
namespace {

TEST(Subset, ShowsTheChosenPicturesUnderTheirNewLabels) {
  const ShapesDataset whole({.pictures = 40});
  const auto subset =
      subset_of(std::make_unique<ShapesDataset>(whole), {{17, 3, 17}, {1, 0, 1}, 2});
  ASSERT_EQ(subset->size(), 3);
  EXPECT_EQ(subset->classes(), 2);
  EXPECT_EQ(subset->label(0), 1);
  EXPECT_EQ(subset->label(1), 0);
  EXPECT_EQ(subset->describe(2), "shapes train[17]");
  Image expected, found;
  whole.read(3, expected);
  subset->read(1, found);
  EXPECT_EQ(found.rgb, expected.rgb);
  EXPECT_EQ(subset->object_mask(1), whole.object_mask(3));
}

}  // namespace
}  // namespace mra
