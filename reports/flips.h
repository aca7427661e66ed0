#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "harness/record/evidence.h"
#include "harness/spec/json.h"

namespace mra {

/// Which pictures two trained models judge differently, for each metric that both have evidence of:
/// [{"metric", "pictures", "both_right", "both_wrong", "right_to_wrong", "wrong_to_right",
/// "mcnemar_p", "flipped": [{"picture", "name", "to": "wrong" or "right"}]}], of each kind the
/// first few in the order of the split. The two must be of the same pictures.
/// `name_of`: the name of a picture by its number.
Json flips(const Evidence& left, const Evidence& right,
           const std::function<std::string(int64_t)>& name_of);

/// The same for the terminal.
std::string flips_text(const Json& flips);

}  // namespace mra
