#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/data/image.h"

namespace mra {

/// One picture of a grid with its caption, which may be empty.
struct GridCell {
  Image picture;
  std::string caption;
};

/// A grid of pictures: titles above the columns, cells of any sizes in rows. Texts as of
/// picture_text.h.
struct PictureGrid {
  std::vector<std::string> titles;
  std::vector<std::vector<GridCell>> rows;
  std::vector<std::string> row_titles;  ///< left of the rows; empty: no space is reserved
  size_t rows_together = 0;             ///< rows per group; groups are further apart; 0: no groups
  std::string note = {};                ///< below all; may be empty
};

/// Draws the grid on white. Small pictures are enlarged by a whole factor, without smoothing, to at
/// least `least_px` wide.
Image draw_grid(const PictureGrid& grid, int least_px = 160);

/// Writes a PNG file atomically.
void write_png(const std::filesystem::path& path, const Image& image);

}  // namespace mra
