#pragma once

#include <string>
#include <vector>

#include "reports/layout.h"

namespace mra {

/// The sentences above a table on how to read it. `columns`: as they are laid out.
std::vector<std::string> preface_of(const ReportTable& table,
                                    const std::vector<LaidColumn>& columns);

}  // namespace mra
