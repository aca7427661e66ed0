#include "harness/data/picture_grid.h"

#include <gtest/gtest.h>

#include "harness/data/picture_text.h"

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

/// Dark pixels of `text` written on white.
int64_t ink_of(const std::string& text) {
  PictureGrid grid{{text}, {{cell(200, 255)}}, {}, 0};
  const Image drawn = draw_grid(grid, 200);
  int64_t ink = 0;
  for (const uint8_t byte : drawn.rgb) ink += byte < 128;
  return ink;
}

TEST(PictureGrid, WritesLatinLettersWithTheirMarks) {
  for (const auto& [marked, plain] : {std::pair{"é", "e"},
                                      {"ñ", "n"},
                                      {"Å", "A"},
                                      {"č", "c"},
                                      {"ø", "o"},
                                      {"ç", "c"},
                                      {"ő", "o"}}) {
    EXPECT_EQ(text_width(marked), text_width(plain)) << marked;
    EXPECT_GT(ink_of(marked), ink_of(plain)) << marked;
  }
  EXPECT_EQ(text_width("für"), text_width("fur"));
  EXPECT_GT(ink_of("für"), ink_of("fur"));
  EXPECT_EQ(ink_of("fu\u0308r"), ink_of("für")) << "as macOS writes names";
  EXPECT_EQ(ink_of("Straße"), ink_of("Strasse"));
}

TEST(PictureGrid, LettersWithoutAPictureAreShownByTheirNumber) {
  EXPECT_EQ(text_width("Ж"), text_width("\\u0416"));
  EXPECT_EQ(ink_of("😀"), ink_of("\\u1f600"));
  EXPECT_EQ(ink_of("\xff"), ink_of("\\ufffd")) << "a byte that is no letter";
}

TEST(PictureGrid, ANoteStandsBelowAll) {
  PictureGrid grid{{"a"}, {{cell(40, 100)}}, {}, 0};
  const int height_px = draw_grid(grid, 40).height_px;
  grid.note = "cutmix";
  const Image drawn = draw_grid(grid, 40);
  EXPECT_GT(drawn.height_px, height_px);
  bool ink = false;
  for (int y = height_px; y < drawn.height_px; ++y)
    for (int x = 0; x < drawn.width_px; ++x) ink |= drawn.row(y)[3 * x] < 200;
  EXPECT_TRUE(ink);
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
