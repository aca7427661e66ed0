#pragma once

#include "baselines/augment/policy_file.h"
#include "harness/tasks/catalog.h"

namespace mra {

/// Reads the policy that find_policy() finds under this name. The run records the digest of the
/// file.
std::vector<SubPolicy> read_named_policy(const std::string& name, const MethodContext& context);

}  // namespace mra
