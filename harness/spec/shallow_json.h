#pragma once

#include <string>
#include <string_view>

#include "harness/spec/json.h"

namespace mra {

/// Parses text that may be damaged or hostile: discarded (is_discarded()) when it is not JSON or
/// nests deeper than 64 levels, which no file of ours does. Copying, comparing and dumping descend
/// level by level and would run out of stack on a file of brackets.
Json parse_shallow(std::string_view text);

/// Whether `text` is a JSON pointer other than the empty one.
bool is_json_pointer(const std::string& text);

/// What stands at `place`; null when nothing does. Unlike Json::contains() it does not throw at an
/// index that is no size.
const Json* find_at(const Json& json, const Json::json_pointer& place);

/// "text", 0.5, [1, 2]: a value as people read it, texts without quotes.
std::string plain_text(const Json& value);

/// The words of a list, with spaces between.
std::string joined(const Json& words);

}  // namespace mra
