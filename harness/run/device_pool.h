#pragma once

#include <string>
#include <vector>

namespace mra {

/// The GPUs that this program may use: those listed in CUDA_VISIBLE_DEVICES, or all that the NVIDIA
/// driver knows. Empty when there is none.
std::vector<std::string> visible_gpus();

/// Distributes runs over the devices of this machine.
class DevicePool {
 public:
  /// A device as it is passed to a worker.
  struct Device {
    std::string name;          ///< the worker's --device
    std::string visible_gpus;  ///< the worker's CUDA_VISIBLE_DEVICES; empty: inherited
  };

  /// `device`: auto, cpu, cuda, cuda:N or cuda:N,M. "auto" and "cuda" use all of `gpus`, "cuda:N,M"
  /// those at these positions. An Error of kind kEnvironment when a named GPU is absent.
  DevicePool(const std::string& device, const std::vector<std::string>& gpus);

  /// The index of the device with the fewest runs, whose number of runs it raises by one.
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
