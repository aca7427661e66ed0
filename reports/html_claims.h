#pragma once

#include <string>
#include <vector>

#include "reports/judged.h"

namespace mra {

/// What a page opens with: how many claims hold, and each with a link to its evidence.
std::string verdicts_html(const std::vector<JudgedClaim>& claims, const std::string& scale);

/// The claims with each comparison: what verdicts_html() links to. Empty without claims.
std::string evidence_html(const std::vector<JudgedClaim>& claims);

}  // namespace mra
