#include "harness/data/picture_grid.h"

#include <gtest/gtest.h>

namespace mra {
namespace {

GridCell cell(int side_px, uint8_t grey) {
  GridCell made;
  made.picture.resize(side_px, side_px);
  std::fill(made.picture.rgb.begin(), made.picture.rgb.end(), grey);
  return made;
}

/// First column of `image` that holds the colour; -1 when none does.
int first_column(const Image& image, uint8_t grey) {
  for (int x = 0; x < image.width_px; ++x)
    for (int y = 0; y < image.height_px; ++y)
      if (image.row(y)[3 * x] == grey && image.row(y)[3 * x + 1] == grey) return x;
  return -1;
}

TEST(PictureGrid, TitlesOfRowsStandLeftOfThePicturesAndMakeRoomForThemselves) {
  PictureGrid grid{
      {"a", "b"}, {{cell(40, 100), cell(40, 150)}, {cell(40, 100), cell(40, 150)}}, {}, 0};
  const Image plain = draw_grid(grid, 40);
  grid.row_titles = {"first", "reconstruction"};
  const Image titled = draw_grid(grid, 40);
  const int room = titled.width_px - plain.width_px;
  EXPECT_GT(room, 60);
  EXPECT_EQ(titled.height_px, plain.height_px);
  EXPECT_EQ(first_column(titled, 100), first_column(plain, 100) + room);
  EXPECT_EQ(first_column(titled, 150), first_column(plain, 150) + room);
  bool ink_left = false;
  for (int y = 0; y < titled.height_px; ++y)
    for (int x = 0; x < room; ++x) ink_left |= titled.row(y)[3 * x] < 90;
  EXPECT_TRUE(ink_left);
}

/// Rows of pixels that hold the colour.
std::vector<int> lines_of(const Image& image, uint8_t grey) {
  std::vector<int> lines;
  for (int y = 0; y < image.height_px; ++y)
    for (int x = 0; x < image.width_px; ++x)
      if (image.row(y)[3 * x] == grey && image.row(y)[3 * x + 2] == grey) {
        lines.push_back(y);
        break;
      }
  return lines;
}

TEST(PictureGrid, RowsThatBelongTogetherStandCloserThanGroups) {
  PictureGrid grid{{"a"}, {}, {}, 2};
  for (const uint8_t grey : {50, 100, 150, 200}) grid.rows.push_back({cell(40, grey)});
  const Image drawn = draw_grid(grid, 40);
  const auto gap = [&](uint8_t above, uint8_t below) {
    return lines_of(drawn, below).front() - lines_of(drawn, above).back();
  };
  EXPECT_EQ(gap(50, 100), gap(150, 200));
  EXPECT_GT(gap(100, 150), gap(50, 100) + 10);
  EXPECT_LT(lines_of(drawn, 200).back(), drawn.height_px - 1);
  EXPECT_EQ(lines_of(drawn, 200).size(), 40u);
}

}  // namespace
}  // namespace mra
