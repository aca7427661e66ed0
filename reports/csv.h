#pragma once

#include <string>
#include <vector>

namespace mra {

/// One line of CSV (RFC 4180) with its line end; fields are quoted where necessary.
std::string csv_line(const std::vector<std::string>& fields);

}  // namespace mra
