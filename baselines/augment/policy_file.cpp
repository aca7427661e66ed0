#include "baselines/augment/policy_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/spec/inherit.h"
#include "harness/spec/library.h"

namespace mra {

namespace fs = std::filesystem;

static PolicyOp read_op(const Json& entry, const std::string& where) {
  const bool good = entry.is_array() && entry.size() == 3 && entry[0].is_string() &&
                    entry[1].is_number() && entry[1] >= 0 && entry[1] <= 1.0 + 1e-6;
  check(good, ErrorKind::kUsage, where, "is not [operation, probability, level]",
        "write it like [\"Rotate\", 0.6, 9]");
  PolicyOp op;
  op.name = entry[0];
  op.prob = entry[1];
  const Json& level = entry[2];
  if (level.is_array() && level.size() == 2) {
    check(level[0].is_number_integer() && level[1].is_number(), ErrorKind::kUsage, where,
          "has a level that is not [number, size]", "write it like [\"Holes\", 0.1, [8, 14]]");
    op.count = level[0];
    op.level = level[1];
  } else if (!level.is_null()) {
    check(level.is_number(), ErrorKind::kUsage, where, "has a level that is not a number",
          "give a number, or null for an operation without level");
    op.level = level;
  }
  return op;
}

std::vector<SubPolicy> read_policy(const fs::path& path) {
  const Json json = read_json_file(path);
  check(json.contains("sub_policies") && json["sub_policies"].is_array() &&
            !json["sub_policies"].empty(),
        ErrorKind::kUsage, path.string(), "has no \"sub_policies\"",
        "a policy is {\"sub_policies\": [[[\"Rotate\", 0.6, 9], …], …]}");
  std::vector<SubPolicy> policy;
  for (const Json& entry : json["sub_policies"]) {
    check(entry.is_array() && !entry.empty(), ErrorKind::kUsage,
          fmt::format("{}: /sub_policies/{}", path.string(), policy.size()),
          "is not a list of operations", "write [[\"Rotate\", 0.6, 9], …], or remove it");
    SubPolicy& sub = policy.emplace_back();
    for (const Json& stage : entry) {
      const std::string where = fmt::format("{}: /sub_policies/{}/{}", path.string(),
                                            policy.size() - 1, sub.stages.size());
      auto& ops = sub.stages.emplace_back();
      const bool one = stage.is_array() && !stage.empty() && stage[0].is_string();
      if (one)
        ops.push_back(read_op(stage, where));
      else
        for (const Json& choice : stage) ops.push_back(read_op(choice, where));
      check(!ops.empty(), ErrorKind::kUsage, where, "is empty", "remove it");
    }
  }
  return policy;
}

fs::path find_policy(const std::string& named) {
  const ExperimentFolders folders = find_experiments();
  const auto path = find_policy_file(folders, named);
  check(path.has_value(), ErrorKind::kUsage, "policy", fmt::format("unknown policy '{}'", named),
        suggestion(named, folders.names_in("policies")));
  return *path;
}

void check_levels(const std::vector<SubPolicy>& policy, const std::string& name, double most,
                  const std::function<void(const PolicyOp&)>& understand) {
  for (size_t i = 0; i < policy.size(); ++i)
    for (size_t k = 0; k < policy[i].stages.size(); ++k) {
      const auto where = fmt::format("{}: /sub_policies/{}/{}", name, i, k);
      const auto& stage = policy[i].stages[k];
      check(stage.size() == 1, ErrorKind::kUsage, where, "is a choice of several operations",
            "only Faster AutoAugment has such policies: use this one with faster_autoaugment");
      const double level = stage.front().level;
      check(level >= 0 && level <= most, ErrorKind::kUsage, where,
            fmt::format("has the level {}", level), fmt::format("levels go from 0 to {}", most));
      try {
        understand(stage.front());
      } catch (const Error& error) {
        fail(error.kind, where, error.what_happened, error.cure);
      }
    }
}

bool read_before_crop(SpecReader& spec, const std::string& otherwise) {
  return spec.one_of("position", otherwise, {"before_crop", "after_crop"}) == "before_crop";
}

}  // namespace mra
