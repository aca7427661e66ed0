#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace mra {

enum class Color { kRed = 31, kGreen = 32, kYellow = 33, kDim = 2 };
std::string colored(const std::string& text, Color color, bool use);

/// How many columns UTF-8 `text` takes, each letter counted as one.
size_t columns_of(const std::string& text);
/// `text` cut to at most `width` columns, the last replaced by "…" when something was lost.
std::string fitted(const std::string& text, size_t width);

/// Columns of left-aligned text two spaces apart, each cell as shown() makes it. No line is longer
/// than `width` characters (0: any): first the column `shrink` gives way to the last one, then what
/// is on the right is cut. A colour on top of a cell does not move the columns.
struct TextTable {
  struct Cell {
    Cell(std::string cell_text, Color cell_color) : text(std::move(cell_text)), color(cell_color) {}
    Cell(std::string cell_text) : text(std::move(cell_text)) {}  // NOLINT: a cell is its text
    Cell(const char* cell_text) : text(cell_text) {}             // NOLINT
    std::string text;
    Color color = Color::kDim;
    bool has_color() const { return color != Color::kDim; }
  };
  std::vector<std::string> header;
  std::vector<std::vector<Cell>> rows;
  std::optional<size_t> shrink = std::nullopt;

  std::string render(bool use_color, size_t width = 0) const;

 private:
  std::vector<size_t> column_widths(size_t width) const;
};

}  // namespace mra
