#include "harness/train/device.h"

#include <dlfcn.h>

#include <cstdlib>

#include <ATen/Parallel.h>
#include <ATen/autocast_mode.h>
#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/system_facts.h"

namespace mra {
namespace {

/// The CUDA driver's interface, for facts about a GPU that LibTorch's CPU library does not give.
class CudaDriver {
 public:
  CudaDriver() : library_(dlopen("libcuda.so.1", RTLD_NOW)) {
    if (const auto init = find<int(unsigned)>("cuInit")) ready_ = init(0) == 0;
  }
  ~CudaDriver() {
    if (library_) dlclose(library_);
  }
  CudaDriver(const CudaDriver&) = delete;
  CudaDriver& operator=(const CudaDriver&) = delete;

  Json describe(int index) const {
    Json json;
    if (!ready_) return json;
    int device = 0, version = 0;
    char name[256] = "";
    size_t bytes = 0;
    if (const auto get = find<int(int*, int)>("cuDeviceGet")) get(&device, index);
    if (const auto get = find<int(char*, int, int)>("cuDeviceGetName"))
      if (get(name, sizeof name, device) == 0) json["name"] = name;
    if (const auto get = find<int(size_t*, int)>("cuDeviceTotalMem_v2"))
      if (get(&bytes, device) == 0) json["memory_bytes"] = bytes;
    if (const auto get = find<int(int*)>("cuDriverGetVersion"))
      if (get(&version) == 0)
        json["driver_cuda"] = fmt::format("{}.{}", version / 1000, version % 1000 / 10);
    return json;
  }

 private:
  template <typename Function>
  Function* find(const char* name) const {
    return library_ ? reinterpret_cast<Function*>(dlsym(library_, name)) : nullptr;
  }

  void* library_;
  bool ready_ = false;
};

/// Returns why no GPU can be used; empty when one can.
std::string why_no_cuda() {
  if (cuda_device_count() > 0) return "";
  if (!dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL)) {
    const char* reason = dlerror();
    return fmt::format("LibTorch's CUDA library cannot be opened ({})", reason ? reason : "");
  }
  return "LibTorch finds no GPU";
}

torch::Device cuda_device(const std::string& name) {
  const std::string number = name.substr(std::min(name.size(), std::string("cuda:").size()));
  const bool digits = !number.empty() && number.size() <= 3 &&
                      number.find_first_not_of("0123456789") == std::string::npos;
  check(name == "cuda" || (name.starts_with("cuda:") && digits), ErrorKind::kUsage, "--device",
        fmt::format("unknown device '{}'", name), "choose auto, cpu, cuda or cuda:N");
  const std::string reason = why_no_cuda();
  check(reason.empty(), ErrorKind::kEnvironment, "--device " + name, reason,
        "use --device cpu, or install the NVIDIA driver and `pip install torch==2.11.0` with its "
        "CUDA packages");
  const int index = digits ? std::stoi(number) : 0;
  const int64_t count = cuda_device_count();
  check(index < count, ErrorKind::kEnvironment, "--device " + name,
        fmt::format("this machine has {} GPU{}", count, count == 1 ? "" : "s"),
        fmt::format("choose cuda:0 to cuda:{}", count - 1));
  return torch::Device(torch::kCUDA, torch::DeviceIndex(index));
}

}  // namespace

int64_t cuda_device_count() {
  static const bool opened = dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) != nullptr;
  return opened && torch::cuda::is_available() ? int64_t(torch::cuda::device_count()) : 0;
}

torch::Device select_device(const std::string& name) {
  if (name == "cpu") return torch::kCPU;
  if (name == "auto")
    return cuda_device_count() > 0 ? torch::Device(torch::kCUDA, 0) : torch::Device(torch::kCPU);
  return cuda_device(name);
}

void set_threads(int threads) {
  at::set_num_threads(threads > 0 ? threads : usable_cores());
}

void make_deterministic(const std::string& precision) {
  setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", /*replace=*/0);  // needed by cuBLAS for determinism
  at::Context& context = at::globalContext();
  context.setDeterministicAlgorithms(true, /*warn_only=*/false);
  context.setDeterministicFillUninitializedMemory(false);
  context.setDeterministicCuDNN(true);
  context.setDeterministicMkldnn(true);
  context.setBenchmarkCuDNN(false);
  context.setAllowTF32CuDNN(precision == "tf32");
  context.setAllowTF32CuBLAS(false);
}

void synchronize(torch::Device device) {
  if (device.is_cuda()) torch::cuda::synchronize(device.index());
}

torch::Tensor uploaded(const torch::Tensor& host, torch::Device device) {
  return device.is_cpu() ? host : host.pin_memory().to(device, /*non_blocking=*/true);
}

torch::Tensor per_channel(const std::array<float, 3>& values, torch::Device device) {
  std::vector<torch::Tensor> channels;
  for (const float value : values)
    channels.push_back(torch::full({1, 1, 1}, value, torch::TensorOptions(device)));
  return torch::stack(channels, 1);
}

Json describe_device(torch::Device device) {
  if (!device.is_cuda()) return {{"kind", "cpu"}, {"threads", at::get_num_threads()}};
  Json json = CudaDriver().describe(device.index());
  json["kind"] = "cuda";
  json["threads"] = at::get_num_threads();
  json["runtime_cuda"] = at::detail::getCUDAHooks().versionCUDART();
  json["cudnn"] = torch::cuda::cudnn_is_available() ? at::detail::getCUDAHooks().versionCuDNN() : 0;
  return json;
}

AutocastScope::AutocastScope(torch::Device device, const std::string& precision)
    : type_(device.type()), on_(precision == "bf16") {
  if (!on_) return;
  enabled_before_ = at::autocast::is_autocast_enabled(type_);
  dtype_before_ = at::autocast::get_autocast_dtype(type_);
  at::autocast::set_autocast_enabled(type_, true);
  at::autocast::set_autocast_dtype(type_, torch::kBFloat16);
  at::autocast::increment_nesting();
}

AutocastScope::~AutocastScope() {
  if (!on_) return;
  // Autocast caches bf16 copies of the weights, which are stale once the weights change.
  if (at::autocast::decrement_nesting() == 0) at::autocast::clear_cache();
  at::autocast::set_autocast_enabled(type_, enabled_before_);
  at::autocast::set_autocast_dtype(type_, dtype_before_);
}

void use_channels_last(torch::nn::Module& module) {
  const torch::NoGradGuard no_grad;
  for (torch::Tensor& parameter : module.parameters())
    if (parameter.dim() == 4)
      parameter.set_data(parameter.detach().contiguous(torch::MemoryFormat::ChannelsLast));
}

}  // namespace mra
