#include "harness/base/text_table.h"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

#include "harness/base/text.h"

namespace mra {

std::string colored(const std::string& text, Color color, bool use) {
  return use ? fmt::format("\033[{}m{}\033[0m", int(color), text) : text;
}

size_t columns_of(const std::string& text) {
  return size_t(std::count_if(text.begin(), text.end(), [](char byte) {
    return (uint8_t(byte) & 0xC0) != 0x80;  // bytes that go on with a letter do not count
  }));
}

std::string fitted(const std::string& text, size_t width) {
  if (columns_of(text) <= width) return text;
  std::string cut;
  size_t columns = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((uint8_t(text[i]) & 0xC0) != 0x80 && ++columns >= width) break;
    cut += text[i];
  }
  return width > 0 ? cut + "…" : "";
}

std::vector<size_t> TextTable::column_widths(size_t width) const {
  constexpr size_t kGap = 2, kLeastShrunk = 16, kLeastLast = 16;
  std::vector<size_t> widths;
  for (const std::string& title : header) widths.push_back(columns_of(title));
  for (const auto& row : rows)
    for (size_t i = 0; i < row.size(); ++i)
      widths.at(i) = std::max(widths[i], columns_of(shown(row[i].text)));
  if (width == 0 || !shrink) return widths;
  size_t wanted = std::min(widths.back(), kLeastLast);
  for (size_t i = 0; i + 1 < widths.size(); ++i) wanted += widths[i] + kGap;
  size_t& giving = widths.at(*shrink);
  if (wanted > width && giving > kLeastShrunk)
    giving = std::max(kLeastShrunk, giving - std::min(giving, wanted - width));
  return widths;
}

std::string TextTable::render(bool use, size_t width) const {
  const std::vector<size_t> widths = column_widths(width);
  const auto line = [&](const std::vector<Cell>& cells) {
    std::string text;
    size_t used = 0;
    for (size_t i = 0; i < cells.size(); ++i) {
      size_t most = i + 1 == cells.size() ? std::string::npos : widths[i];
      if (width > 0) most = std::min(most, width - std::min(width, used));
      const std::string content = fitted(shown(cells[i].text), most);
      text += colored(content, cells[i].color, use && cells[i].has_color() && !content.empty());
      used += widths[i] + 2;
      if (i + 1 < cells.size() && (width == 0 || used < width))
        text += std::string(widths[i] - columns_of(content) + 2, ' ');
    }
    while (text.ends_with(' ')) text.pop_back();
    return text + "\n";
  };
  std::string text = line({header.begin(), header.end()});
  for (const auto& row : rows) text += line(row);
  return text;
}

}  // namespace mra
