#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// Seeds as typed, "0-2", "0,3" or "0-2,7": sorted, each once. Errors name --seeds.
std::vector<int64_t> parse_seeds(const std::string& text);

/// "/json/pointer=value" of --set. The value is JSON; a bare word such as `adamw` is a text.
std::pair<std::string, Json> parse_override(const std::string& text);
/// The same of each of them, in their order.
std::vector<std::pair<std::string, Json>> parse_overrides(const std::vector<std::string>& texts);

}  // namespace mra
