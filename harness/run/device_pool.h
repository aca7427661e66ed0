#pragma once

#include <string>
#include <vector>

namespace mra {

/// The GPUs this program may use, as CUDA_VISIBLE_DEVICES names them: those of that variable, or
/// all the NVIDIA driver knows. Empty when there is none.
std::vector<std::string> visible_gpus();

/// Shares the devices of this machine out to runs.
class DevicePool {
 public:
  /// A device as a worker is told of it.
  struct Device {
    std::string name;          ///< its --device
    std::string visible_gpus;  ///< its CUDA_VISIBLE_DEVICES; empty: that of this program
  };

  /// `device`: auto, cpu, cuda, cuda:N or cuda:N,M. With "auto" and "cuda" each of `gpus` is a
  /// device of its own; with "cuda:N,M" those are. An Error of kind kEnvironment when a GPU is
  /// named that is not there.
  DevicePool(const std::string& device, const std::vector<std::string>& gpus);

  /// The place of the device with the fewest runs, which counts as one more.
  size_t take();
  void give_back(size_t place) { --devices_[place].runs; }
  const Device& at(size_t place) const { return devices_[place].device; }
  size_t size() const { return devices_.size(); }

 private:
  struct Shared {
    Device device;
    int runs = 0;
  };
  std::vector<Shared> devices_;
};

}  // namespace mra
