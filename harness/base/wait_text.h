#pragma once

#include <string>

namespace mra {

/// Follows a rate: ", 12 % of it waiting for pictures"; empty up to 5 %, which needs no mention.
std::string wait_text(double data_wait_frac);

}  // namespace mra
