#include "harness/cli/output.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "harness/base/suggest.h"
#include "harness/base/text.h"

namespace mra {

ColorMode parse_color_mode(const std::string& text) {
  if (text == "auto") return ColorMode::kAuto;
  if (text == "always") return ColorMode::kAlways;
  check(text == "never", ErrorKind::kUsage, "--color", fmt::format("unknown mode '{}'", text),
        suggestion(text, {"auto", "always", "never"}));
  return ColorMode::kNever;
}

bool use_color(ColorMode mode, int descriptor) {
  if (mode != ColorMode::kAuto) return mode == ColorMode::kAlways;
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (no_color != nullptr && *no_color != '\0') return false;
  if (terminal != nullptr && std::strcmp(terminal, "dumb") == 0) return false;
  return isatty(descriptor) != 0;
}

std::string colored(const std::string& text, Color color, bool use) {
  return use ? fmt::format("\033[{}m{}\033[0m", int(color), text) : text;
}

void print(const std::string& unsafe) {
  const std::string text = printable(unsafe);
  errno = 0;
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
                       std::fflush(stdout) == 0;  // before the message asks for errno
  check(written, ErrorKind::kEnvironment, "stdout",
        fmt::format("cannot be written: {}", std::strerror(errno)),
        "make room where the output goes to");
}

void print_json(Json document) {
  document["schema_version"] = 1;
  print(document.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

Json error_json(const Error& error) {
  return {{"kind", name(error.kind)}, {"message", one_line(error)}, {"hint", error.cure}};
}

int report_errors(const std::vector<Error>& errors, bool json, bool color, Json document) {
  document["errors"] = Json::array();
  for (const Error& error : errors) {
    tell("{} {}\n", colored("harness:", Color::kRed, color), error.what());
    document["errors"].push_back(error_json(error));
  }
  document["error"] = document["errors"].front();
  if (json) print_json(document);
  return exit_code(errors.front().kind);
}

std::string short_duration(double seconds) {
  const auto whole_s = int64_t(std::llround(seconds));
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  if (whole_s < 60) return fmt::format("{} s", whole_s);
  if (whole_s < 3600) return fmt::format("{}m{:02}s", whole_s / 60, whole_s % 60);
  return fmt::format("{}h{:02}m", whole_s / 3600, whole_s % 3600 / 60);
}

std::string short_size(int64_t bytes) {
  double size = double(bytes);
  const char* const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  size_t unit = 0;
  while (size >= 1024 && unit + 1 < std::size(units)) size /= 1024, ++unit;
  return fmt::format("{:.{}f} {}", size, unit == 0 ? 0 : 1, units[unit]);
}

size_t terminal_width(int descriptor) {
  winsize size{};
  if (isatty(descriptor) == 0 || ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col > 0 ? size.ws_col : 80;
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

std::string plain_text(const Json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

std::string joined(const Json& words) {
  std::vector<std::string> texts;
  for (const Json& word : words) texts.push_back(plain_text(word));
  return fmt::format("{}", fmt::join(texts, " "));
}

}  // namespace mra
