#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "harness/spec/spec_reader.h"

namespace mra {

/// One entry of a searched policy.
struct PolicyOp {
  std::string name;
  double prob = 0;   ///< probability of being applied; its weight if one of several is drawn
  double level = 0;  ///< in the unit of the method
  int count = 0;     ///< number of "Holes", whose side is `level`; else unused
};

/// One of a policy's sub-policies; one is drawn for each picture. `stages[i]` lists the i-th
/// operation, or several of which one is drawn by its weight.
struct SubPolicy {
  std::vector<std::vector<PolicyOp>> stages;
};

/// Reads a policy of any method: {"sub_policies": [[[op, prob, level], …], …]}. A stage is one such
/// entry or a list of them. Errors name the file and the position in it.
std::vector<SubPolicy> read_policy(const std::filesystem::path& path);

/// Returns the file of a policy that comes with the program, by its name ("autoaugment_imagenet"),
/// or `named` itself when it ends in .json.
std::filesystem::path find_policy(const std::string& named);

/// Checks a policy for a method whose stages have one operation each. Throws an Error with the
/// position of a level outside 0 … `most`, or of an operation for which `understand` throws.
/// `name`: the policy's.
void check_levels(const std::vector<SubPolicy>& policy, const std::string& name, double most,
                  const std::function<void(const PolicyOp&)>& understand);

/// Reads the option "position" of a policy: "before_crop" (true), on the whole decoded picture, or
/// "after_crop" (false). `otherwise`: the default, as in the authors' code.
bool read_before_crop(SpecReader& spec, const std::string& otherwise);

}  // namespace mra
