#include "harness/record/run_of.h"

namespace mra {

std::optional<RunId> run_of(const std::filesystem::path& directory) {
  const std::string prefix = directory.parent_path().filename().string();
  const std::string name = directory.filename().string();
  constexpr size_t kPrefix = 2, kRestOfKey = 14, kMostDigits = 18;  // digits of a 64-bit seed
  const size_t dash = name.find("-s");
  if (prefix.size() != kPrefix || dash != kRestOfKey) return std::nullopt;
  const std::string seed = name.substr(dash + 2);
  if (seed.empty() || seed.size() > kMostDigits ||
      seed.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return RunId{prefix + name.substr(0, dash), std::stoll(seed)};
}

}  // namespace mra
