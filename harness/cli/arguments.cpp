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

std::optional<int64_t> whole_number(const std::string& text) {
  int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || rest != end || value < 0) return std::nullopt;
  return value;
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
          fmt::format("'{}' gives more than {} seeds", part, kMostSeeds), "write a shorter range");
    // Not by seed <= *last: behind the largest number there is none to end the loop.
    for (int64_t i = 0; i <= *last - *first; ++i) seeds.insert(*first + i);
  }
  check(!seeds.empty(), ErrorKind::kUsage, "--seeds", "no seed is named", "for example --seeds 0");
  return {seeds.begin(), seeds.end()};
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
        "write each name after a slash; within a name, write ~0 for ~ and ~1 for /");
  Json parsed = parse_shallow(value);
  if (parsed.is_discarded()) {
    check(is_bare_word(value), ErrorKind::kUsage, "--set " + pointer,
          fmt::format("'{}' is neither JSON nor a single word", value),
          "put text in double quotes, inside single quotes: --set '/model/name=\"resnet50\"'");
    parsed = value;
  }
  return {pointer, parsed};
}

std::vector<std::pair<std::string, Json>> parse_overrides(const std::vector<std::string>& texts) {
  std::vector<std::pair<std::string, Json>> parsed;
  for (const std::string& text : texts) parsed.push_back(parse_override(text));
  return parsed;
}

}  // namespace mra
