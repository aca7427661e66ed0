#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/tell.h"
#include "harness/spec/json.h"

namespace mra {

/// When words are coloured: `auto` is on a terminal, unless NO_COLOR or TERM=dumb says no.
enum class ColorMode { kAuto, kAlways, kNever };
ColorMode parse_color_mode(const std::string& text);

/// Whether to colour what goes to a stream (file descriptor 1 or 2).
bool use_color(ColorMode mode, int descriptor);

enum class Color { kRed = 31, kGreen = 32, kYellow = 33, kDim = 2 };
std::string colored(const std::string& text, Color color, bool use);

/// Text to stdout, made printable(); an Error when it cannot be written (a full disk behind a
/// redirection).
void print(const std::string& text);

/// The one document of --json on stdout, with "schema_version".
void print_json(Json document);

/// {"kind", "message", "hint"}: an error as scripts see it.
Json error_json(const Error& error);

/// Tells all of `errors`, and prints them as {"error": the first, "errors"} where `json` is wanted.
/// Gives the exit code of the first.
int report_errors(const std::vector<Error>& errors, bool json, bool color,
                  Json document = Json::object());

/// "42 s", "3m05s", "5h12m".
std::string short_duration(double seconds);

/// "1.2 GiB".
std::string short_size(int64_t bytes);

/// "text", 0.5, [1, 2]: a value as people read it, texts without quotes.
std::string plain_text(const Json& value);

/// The words of a list, with spaces between.
std::string joined(const Json& words);

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

/// Columns of the terminal at `descriptor`; 0 when it is none.
size_t terminal_width(int descriptor);

/// How many columns UTF-8 `text` takes, each letter counted as one.
size_t columns_of(const std::string& text);
/// `text` cut to at most `width` columns, the last replaced by "…" when something was lost.
std::string fitted(const std::string& text, size_t width);

}  // namespace mra
