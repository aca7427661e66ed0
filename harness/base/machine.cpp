#include "harness/base/machine.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <string>

#include <sys/statvfs.h>
#include <unistd.h>

#include "harness/base/system_facts.h"

namespace mra {

namespace fs = std::filesystem;

/// Returns the number after `label` in a file like /proc/meminfo; without a label, the first word.
static std::optional<double> number_in(const fs::path& file, const std::string& label = "") {
  std::ifstream input(file);
  std::string word;
  double value = 0;
  while (!label.empty() && input >> word)
    if (word == label) break;
  if (input >> value) return value;
  return std::nullopt;
}

Machine this_machine() {
  Machine machine;
  machine.threads = usable_cores();
  constexpr double kUnlimited = double(std::numeric_limits<int64_t>::max());
  const double total = number_in("/proc/meminfo", "MemTotal:").value_or(0) * 1024;
  const double limit = number_in("/sys/fs/cgroup/memory.max").value_or(kUnlimited);
  machine.memory_bytes = int64_t(std::min(total, limit));
  if (const auto available = number_in("/proc/meminfo", "MemAvailable:")) {
    const double used = number_in("/sys/fs/cgroup/memory.current").value_or(0);
    const double of_container = limit < kUnlimited ? std::max(0.0, limit - used) : kUnlimited;
    machine.available_bytes = int64_t(std::min(*available * 1024, of_container));
  }
  return machine;
}

FolderState folder_state(fs::path folder) {
  std::error_code ignored;
  folder = fs::absolute(folder, ignored);
  while (!fs::exists(folder, ignored) && folder.has_relative_path()) folder = folder.parent_path();
  FolderState state;
  state.writable = fs::is_directory(folder, ignored) && access(folder.c_str(), W_OK | X_OK) == 0;
  struct statvfs disk {};
  if (statvfs(folder.c_str(), &disk) == 0)
    state.free_bytes = int64_t(disk.f_bavail) * int64_t(disk.f_frsize);
  return state;
}

}  // namespace mra
