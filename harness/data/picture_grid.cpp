#include "harness/data/picture_grid.h"

#include <algorithm>

#include <opencv2/imgproc.hpp>

#include "harness/data/picture_text.h"

namespace mra {

namespace {

constexpr int kGap_px = 12, kTitle_px = 34, kCaption_px = 26, kGroupGap_px = 24;

int enlargement(const GridCell& cell, int least_px) {
  const int width = std::max(1, cell.picture.width_px);
  return std::max(1, (least_px + width - 1) / width);
}

/// The space that the columns and rows of a grid need, in pixels.
struct Layout {
  std::vector<int> widths, heights, tops;
  int row_titles = 0;  ///< width of the titles left of the rows
  int width = kGap_px, height = kTitle_px;

  Layout(const PictureGrid& grid, int least_px) : widths(grid.titles.size()) {
    for (const std::string& title : grid.row_titles)
      row_titles = std::max(row_titles, text_width(title) + kGap_px);
    width += row_titles;
    for (const auto& row : grid.rows) {
      int& height_of_row = heights.emplace_back(0);
      for (size_t i = 0; i < row.size(); ++i) {
        const int times = enlargement(row[i], least_px);
        widths[i] = std::max(widths[i], row[i].picture.width_px * times);
        height_of_row = std::max(height_of_row, row[i].picture.height_px * times);
      }
    }
    for (const int one : widths) width += one + kGap_px;
    for (size_t r = 0; r < heights.size(); ++r) {
      if (grid.rows_together > 0 && r > 0 && r % grid.rows_together == 0) height += kGroupGap_px;
      tops.push_back(height);
      height += heights[r] + kCaption_px;
    }
    if (!grid.note.empty()) height += kCaption_px;
  }
};

/// `room`: of the picture, without its caption.
void draw_cell(cv::Mat& canvas, const GridCell& cell, const cv::Rect& room, int least_px) {
  const Image& picture = cell.picture;
  if (picture.width_px > 0) {
    const int times = enlargement(cell, least_px);
    const cv::Mat rgb(picture.height_px, picture.width_px, CV_8UC3,
                      const_cast<uint8_t*>(picture.rgb.data()));  // OpenCV only reads it
    const cv::Rect place(room.tl(), cv::Size(picture.width_px, picture.height_px) * times);
    cv::Mat part = canvas(place);
    cv::resize(rgb, part, place.size(), 0, 0, cv::INTER_NEAREST);
  }
  if (!cell.caption.empty()) write_text(canvas, cell.caption, room.x, room.br().y + 17, room.width);
}

}  // namespace

/// Writes each title left of its row, vertically centred.
static void write_row_titles(cv::Mat& canvas, const PictureGrid& grid, const Layout& layout) {
  for (size_t r = 0; r < std::min(grid.rows.size(), grid.row_titles.size()); ++r)
    write_text(canvas, grid.row_titles[r], kGap_px, layout.tops[r] + layout.heights[r] / 2,
               layout.row_titles);
}

Image draw_grid(const PictureGrid& grid, int least_px) {
  const Layout layout(grid, least_px);
  cv::Mat canvas(layout.height, layout.width, CV_8UC3, cv::Scalar(255, 255, 255));
  write_row_titles(canvas, grid, layout);
  int x = kGap_px + layout.row_titles;
  for (size_t i = 0; i < grid.titles.size(); ++i) {
    write_text(canvas, grid.titles[i], x, kTitle_px - 11, layout.widths[i]);
    for (size_t r = 0; r < grid.rows.size(); ++r)
      if (i < grid.rows[r].size())
        draw_cell(canvas, grid.rows[r][i], {x, layout.tops[r], layout.widths[i], layout.heights[r]},
                  least_px);
    x += layout.widths[i] + kGap_px;
  }
  if (!grid.note.empty())
    write_text(canvas, grid.note, kGap_px, layout.height - 9, layout.width - 2 * kGap_px);
  Image image;
  image.resize(layout.height, layout.width);
  std::copy(canvas.datastart, canvas.dataend, image.rgb.begin());
  return image;
}

}  // namespace mra
