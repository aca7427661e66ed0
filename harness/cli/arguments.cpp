#include "harness/cli/arguments.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/base/text.h"
#include "harness/spec/shallow_json.h"

namespace mra {

namespace {

constexpr int64_t kMostSeeds = 1000;
/// About a thousand years.
constexpr double kMostTime_s = 1e9 * 32;

std::optional<int64_t> whole_number(const std::string& text) {
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || value < 0) return std::nullopt;
  return value;
}

double seconds_of_unit(char unit) {
  if (unit == 'd') return 86400;
  if (unit == 'h') return 3600;
  return unit == 'm' ? 60 : 1;
}

/// How many letters the number and unit take that `text` begins with, "1.5h"; 0: it does not.
size_t size_of_time_part(std::string_view text) {
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

/// A name such as `adamw` or `runs/a b.json`, which needs no quotes.
bool is_bare_word(std::string_view text) {
  const auto fits = [](unsigned char letter) {
    return std::isalnum(letter) ||
           std::string_view("_.:/ -").find(char(letter)) != std::string::npos;
  };
  return !text.empty() && (std::isalpha(uint8_t(text[0])) || text[0] == '_') &&
         std::all_of(text.begin(), text.end(), fits);
}

}  // namespace

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  size_t begin = 0;
  while (begin <= text.size()) {
    const size_t end = std::min(text.find(separator, begin), text.size());
    if (end > begin) parts.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return parts;
}

std::vector<int64_t> parse_seeds(const std::string& text) {
  std::set<int64_t> seeds;
  for (const std::string& part : split(text, ',')) {
    const size_t dash = part.find('-');
    const auto first = whole_number(part.substr(0, dash));
    const auto last = dash == std::string::npos ? first : whole_number(part.substr(dash + 1));
    check(first && last && *first <= *last, ErrorKind::kUsage, "--seeds",
          fmt::format("'{}' is neither a seed nor a range of seeds", part),
          "write whole numbers and rising ranges, for example 0-2 or 0,3");
    check(*last - *first < kMostSeeds, ErrorKind::kUsage, "--seeds",
          fmt::format("'{}' are more than {} seeds", part, kMostSeeds), "write a shorter range");
    // Not by seed <= *last: behind the largest number there is none to end the loop.
    for (int64_t i = 0; i <= *last - *first; ++i) seeds.insert(*first + i);
  }
  check(!seeds.empty(), ErrorKind::kUsage, "--seeds", "no seed is named", "for example --seeds 0");
  return {seeds.begin(), seeds.end()};
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

std::pair<std::string, Json> parse_override(const std::string& text) {
  const size_t equals = text.find('=');
  check(text.starts_with('/') && equals != std::string::npos && equals > 1, ErrorKind::kUsage,
        "--set", fmt::format("'{}' is not /json/pointer=value", text),
        "for example --set /recipe/epochs=5");
  check(is_utf8(text), ErrorKind::kUsage, "--set", fmt::format("'{}' is not UTF-8", text),
        "write it in UTF-8, as specs are");
  const std::string pointer = text.substr(0, equals), value = text.substr(equals + 1);
  check(is_json_pointer(pointer), ErrorKind::kUsage, "--set",
        fmt::format("'{}' is not a JSON pointer", pointer),
        "write the names on the way, each after a slash; ~ is ~0 and / is ~1 within a name");
  Json parsed = parse_shallow(value);
  if (parsed.is_discarded()) {
    check(is_bare_word(value), ErrorKind::kUsage, "--set " + pointer,
          fmt::format("'{}' is neither JSON nor a single word", value),
          "put texts in double quotes within single ones: --set '/model/name=\"resnet50\"'");
    parsed = value;
  }
  return {pointer, parsed};
}

}  // namespace mra
