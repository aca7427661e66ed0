#include "harness/cli/arguments.h"
#include "harness/base/suggest.h"
#include "harness/base/text.h"
#include "harness/base/units.h"

#include <cmath>

#include "tests/fuzz/target.h"

namespace mra {

/// Texts of the command line; the first letter says of which option.
void fuzz_arguments(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::string text(bytes.substr(1));
  reads_or_refuses(ErrorKind::kUsage, [&] {
    if (bytes[0] == 's') {
      const std::vector<int64_t> seeds = parse_seeds(text);
      must(!seeds.empty() && seeds.front() >= 0, "no seeds, or negative ones");
    } else if (bytes[0] == 'd') {
      const double seconds = parse_duration_s(text, "--time-limit");
      must(seconds > 0 && std::isfinite(seconds), "a time that is none");
    } else if (bytes[0] == 'o') {
      const auto [pointer, value] = parse_override(text);
      must(!Json::json_pointer(pointer).empty(), "a place that is none");
      value.dump(-1, ' ', false, Json::error_handler_t::replace);
    } else {
      match_name(text, split(text, ' '), "row");
    }
  });
}

}  // namespace mra
