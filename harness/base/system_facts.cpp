#include "harness/base/system_facts.h"

#include <algorithm>
#include <cmath>
#include <fstream>

#include <sched.h>
#include <unistd.h>

namespace mra {

/// Returns the value after "key : " in a file like /proc/cpuinfo; empty when the key is absent.
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

/// Returns the processor limit of a control group (version 1 or 2); infinite when there is none.
static double granted_cores() {
  double quota_us = 0, period_us = 0;
  std::ifstream version2("/sys/fs/cgroup/cpu.max");  // "max 100000" or "200000 100000"
  if (version2 >> quota_us >> period_us && period_us > 0) return quota_us / period_us;
  std::ifstream quota("/sys/fs/cgroup/cpu/cpu.cfs_quota_us");  // -1: no limit
  std::ifstream period("/sys/fs/cgroup/cpu/cpu.cfs_period_us");
  if (quota >> quota_us && period >> period_us && quota_us > 0 && period_us > 0)
    return quota_us / period_us;
  return INFINITY;
}

int usable_cores() {
  cpu_set_t bound;
  const bool known = ::sched_getaffinity(0, sizeof bound, &bound) == 0;
  const double cores = known ? CPU_COUNT(&bound) : double(processor_count());
  return std::max(1, int(std::ceil(std::min(cores, granted_cores()))));
}

}  // namespace mra
