#include "harness/base/system_facts.h"

#include <fstream>

#include <unistd.h>

namespace mra {

/// The value after "key : " in a file such as /proc/cpuinfo; empty when it is not there.
static std::string line_value(const std::string& path, const std::string& key) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(key)) continue;
    const size_t colon = line.find_first_of(":=");
    if (colon == std::string::npos) continue;
    const size_t start = line.find_first_not_of(" \t\"", colon + 1);
    const size_t end = line.find_last_not_of(" \t\"");
    return start == std::string::npos ? "" : line.substr(start, end - start + 1);
  }
  return "";
}

std::string system_name() {
  return line_value("/etc/os-release", "PRETTY_NAME");
}

std::string processor_name() {
  return line_value("/proc/cpuinfo", "model name");
}

int64_t processor_count() {
  return ::sysconf(_SC_NPROCESSORS_ONLN);
}

}  // namespace mra
