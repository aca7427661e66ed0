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
  double prob = 0;   ///< of being applied; its weight where one of several is chosen
  double level = 0;  ///< as the method understands it
  int count = 0;     ///< of "Holes": how many, `level` being their side; else unused
};

/// A policy: sub-policies of which one is drawn for each picture. `stages[i]` lists what may be
/// done in the i-th place: one operation, or several of which one is drawn by its weight.
struct SubPolicy {
  std::vector<std::vector<PolicyOp>> stages;
};

/// Reads a policy of any of the methods: {"sub_policies": [[[op, prob, level], …], …]}, where a
/// stage may also be a list of such entries. Errors name file and place.
std::vector<SubPolicy> read_policy(const std::filesystem::path& path);

/// The file of a policy that comes with the program, by its name ("autoaugment_imagenet"), or
/// `named` itself when it ends in .json.
std::filesystem::path find_policy(const std::string& named);

/// For methods whose stages are one operation each: an Error that names the place of a level
/// outside 0 … `most`, and of what `understand` throws at. `name`: of the policy.
void check_levels(const std::vector<SubPolicy>& policy, const std::string& name, double most,
                  const std::function<void(const PolicyOp&)>& understand);

/// The option "position" of a policy: "before_crop" (true), on the whole decoded picture, or
/// "after_crop". `otherwise`: what the method's authors do.
bool read_before_crop(SpecReader& spec, const std::string& otherwise);

}  // namespace mra
