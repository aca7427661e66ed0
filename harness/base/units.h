#pragma once

#include <cstdint>
#include <string>

// Times and sizes as people read and write them.
namespace mra {

/// "42 s", "3m05s", "5h12m".
std::string short_duration(double seconds);

/// "1.2 GiB".
std::string short_size(int64_t bytes);

/// A time as typed, "90s", "30m", "2h", "1h30m" or "1.5h", in seconds. Errors name `option`.
double parse_duration_s(const std::string& text, const std::string& option);

}  // namespace mra
