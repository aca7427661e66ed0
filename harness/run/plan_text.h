#pragma once

#include <string>

#include "harness/run/plan.h"
#include "harness/spec/json.h"

namespace mra {

/// {"runs": […], "unavailable": […]}: the document of plan --json.
Json to_json(const Plan& plan);

/// The runs in their order, why each is needed, and how long all take if that is known.
std::string plan_text(const Plan& plan, size_t width);

}  // namespace mra
