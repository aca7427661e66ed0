#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// Seeds as typed, "0-2", "0,3" or "0-2,7": sorted, each once. Errors name --seeds.
std::vector<int64_t> parse_seeds(const std::string& text);

/// A time as typed, "90s", "30m", "2h", "1h30m" or "1.5h", in seconds. Errors name `option`.
double parse_duration_s(const std::string& text, const std::string& option);

/// "/json/pointer=value" of --set. The value is JSON; a bare word such as `adamw` is a text.
std::pair<std::string, Json> parse_override(const std::string& text);

/// The parts of `text` between `separator`s, empty ones left out.
std::vector<std::string> split(const std::string& text, char separator);

}  // namespace mra
