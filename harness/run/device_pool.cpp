#include "harness/run/device_pool.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace mra {

std::vector<std::string> visible_gpus() {
  if (const char* named = std::getenv("CUDA_VISIBLE_DEVICES")) return split(named, ',');
  std::error_code none;
  std::vector<std::string> gpus;
  for (const auto& gpu : std::filesystem::directory_iterator("/proc/driver/nvidia/gpus", none))
    if (gpu.is_directory()) gpus.push_back(std::to_string(gpus.size()));
  return gpus;
}

/// The name in `gpus` at the position `number`; an Error of kind kEnvironment past the end.
static std::string gpu_named(const std::string& number, const std::vector<std::string>& gpus) {
  if (gpus.empty()) return number;  // the worker says why there is none
  const size_t place = number.size() < 4 ? std::stoul(number) : gpus.size();
  check(place < gpus.size(), ErrorKind::kEnvironment, "--device cuda:" + number,
        fmt::format("this machine has {} GPU{} to use", gpus.size(), gpus.size() == 1 ? "" : "s"),
        fmt::format("choose cuda:0 to cuda:{}", gpus.size() - 1));
  return gpus[place];
}

DevicePool::DevicePool(const std::string& device, const std::vector<std::string>& gpus) {
  const std::string prefix = "cuda:";
  if (device.starts_with(prefix)) {
    for (const std::string& number : split(device.substr(prefix.size()), ','))
      devices_.push_back({{"cuda", gpu_named(number, gpus)}});
  } else if (device != "cpu" && gpus.size() > 1) {
    for (const std::string& gpu : gpus) devices_.push_back({{device, gpu}});
  }
  if (devices_.empty()) devices_.push_back({{device, ""}});
}

size_t DevicePool::take() {
  const auto fewest = std::min_element(
      devices_.begin(), devices_.end(),
      [](const Shared& left, const Shared& right) { return left.runs < right.runs; });
  ++fewest->runs;
  return size_t(fewest - devices_.begin());
}

}  // namespace mra
