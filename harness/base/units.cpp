#include "harness/base/units.h"

#include <cctype>
#include <charconv>
#include <cmath>
#include <iterator>
#include <string_view>

#include <fmt/format.h>

#include "harness/base/error.h"

namespace mra {

std::string short_duration(double seconds) {
  const auto whole_s = int64_t(std::llround(seconds));
  if (seconds < 9.95) return fmt::format("{:.1f} s", seconds);
  if (whole_s < 60) return fmt::format("{} s", whole_s);
  if (whole_s < 3600) return fmt::format("{}m{:02}s", whole_s / 60, whole_s % 60);
  if (whole_s < 86400) return fmt::format("{}h{:02}m", whole_s / 3600, whole_s % 3600 / 60);
  return fmt::format("{}d{:02}h", whole_s / 86400, whole_s % 86400 / 3600);
}

std::string short_size(int64_t bytes) {
  double size = double(bytes);
  const char* const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
  size_t unit = 0;
  while (size >= 1024 && unit + 1 < std::size(units)) size /= 1024, ++unit;
  return fmt::format("{:.{}f} {}", size, unit == 0 ? 0 : 1, units[unit]);
}

/// About a thousand years.
constexpr double kMostTime_s = 1e9 * 32;

static double seconds_of_unit(char unit) {
  if (unit == 'd') return 86400;
  if (unit == 'h') return 3600;
  return unit == 'm' ? 60 : 1;
}

/// How many letters the number and unit take that `text` begins with, "1.5h"; 0: it does not.
static size_t size_of_time_part(std::string_view text) {
  const auto end_of_digits = [&](size_t begin) {
    while (begin < text.size() && std::isdigit(uint8_t(text[begin]))) ++begin;
    return begin;
  };
  size_t end = end_of_digits(0);
  if (end == 0) return 0;
  if (end < text.size() && text[end] == '.') {
    const size_t fraction = end + 1;
    end = end_of_digits(fraction);
    if (end == fraction) return 0;
  }
  const bool has_unit = end < text.size() && std::string_view("smhd").find(text[end]) != text.npos;
  return has_unit ? end + 1 : 0;
}

double parse_duration_s(const std::string& text, const std::string& option) {
  double total_s = 0;
  std::string_view rest = text;
  while (const size_t size = size_of_time_part(rest)) {
    double number = 0;
    std::from_chars(rest.data(), rest.data() + size - 1, number);
    total_s += number * seconds_of_unit(rest[size - 1]);
    rest.remove_prefix(size);
  }
  check(rest.empty() && total_s > 0 && total_s <= kMostTime_s, ErrorKind::kUsage, option,
        fmt::format("'{}' is not a time", text),
        "write a number with its unit, for example 90s, 30m, 2h or 1h30m");
  return total_s;
}

}  // namespace mra
