#include "baselines/augment/named_policy.h"

namespace mra {

std::vector<SubPolicy> read_named_policy(const std::string& name, const MethodContext& context) {
  const auto path = find_policy(name);
  if (context.reads) context.reads({{"policy", name}}, path);
  return read_policy(path);
}

}  // namespace mra
