#pragma once

#include <string>
#include <vector>

namespace mra {

/// One line of RFC 4180, its end included; fields are quoted where they must be.
std::string csv_line(const std::vector<std::string>& fields);

}  // namespace mra
