#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/data/image.h"

namespace mra {

/// One picture of a grid, and what stands below it (ASCII); may be empty.
struct GridCell {
  Image picture;
  std::string caption;
};

/// Pictures side by side: titles above the columns, rows of cells of any sizes.
struct PictureGrid {
  std::vector<std::string> titles;  ///< ASCII
  std::vector<std::vector<GridCell>> rows;
  std::vector<std::string> row_titles;  ///< left of the rows, ASCII; none: no room is left for them
  size_t rows_together = 0;             ///< a wider gap follows each so many rows; 0: none does
};

/// The grid as one picture on white. Small pictures are enlarged pixel by pixel, a whole number of
/// times, to at least `least_px` wide.
Image draw_grid(const PictureGrid& grid, int least_px = 160);

/// Writes a PNG, whole or not at all.
void write_png(const std::filesystem::path& path, const Image& image);

}  // namespace mra
