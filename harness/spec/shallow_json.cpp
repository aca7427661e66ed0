#include "harness/spec/shallow_json.h"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace mra {

static constexpr int kMostDepth = 64;

/// Text that is not JSON may give either answer; the caller parses it afterwards.
static bool is_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    if (letter == '"') in_string = !in_string;
    if (in_string) {
      if (letter == '\\') ++i;
      continue;
    }
    if (letter == ']' || letter == '}') --depth;
    if ((letter == '[' || letter == '{') && ++depth > kMostDepth) return true;
  }
  return false;
}

Json parse_shallow(std::string_view text) {
  if (is_deep(text)) return Json(Json::value_t::discarded);
  return Json::parse(text, nullptr, /*allow_exceptions=*/false);
}

bool is_json_pointer(const std::string& text) {
  try {
    return !Json::json_pointer(text).empty();
  } catch (const Json::exception&) {
    return false;
  }
}

const Json* find_at(const Json& json, const Json::json_pointer& place) {
  try {
    return json.contains(place) ? &json.at(place) : nullptr;
  } catch (const Json::exception&) {
    return nullptr;
  }
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
