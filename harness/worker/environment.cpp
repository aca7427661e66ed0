#include "harness/worker/environment.h"

#include <fstream>
#include <string>

#include <torch/version.h>
#include <unistd.h>

#include "harness/base/build_info.h"
#include "harness/train/device.h"

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

static std::string hostname() {
  char name[256] = {};
  ::gethostname(name, sizeof name - 1);
  return name;
}

Json describe_environment(torch::Device device, int loader_threads) {
  const BuildInfo build = build_info();
  const long pages = ::sysconf(_SC_PHYS_PAGES), page_bytes = ::sysconf(_SC_PAGESIZE);
  return {
      {"program",
       {{"version", build.version},
        {"commit", build.commit},
        {"dirty", build.dirty},
        {"compiler", build.compiler},
        {"flags", build.flags},
        {"build_type", build.build_type}}},
      {"libraries", {{"libtorch", TORCH_VERSION}}},
      {"machine",
       {{"host", hostname()},
        {"system", line_value("/etc/os-release", "PRETTY_NAME")},
        {"cpu", line_value("/proc/cpuinfo", "model name")},
        {"cores", ::sysconf(_SC_NPROCESSORS_ONLN)},
        {"memory_bytes", int64_t(pages) * int64_t(page_bytes)}}},
      {"device", describe_device(device)},
      {"threads", torch::get_num_threads()},
      {"loader_threads", loader_threads},
  };
}

}  // namespace mra
