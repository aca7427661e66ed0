#pragma once

#include <array>
#include <string>

#include <torch/torch.h>

#include "harness/spec/json.h"

namespace mra {

/// Returns "auto", "cpu", "cuda" or "cuda:N" as a device; "auto" is the first GPU or else the CPU.
/// Throws an Error of kind kEnvironment if the GPU is absent, and of kUsage for another name.
torch::Device select_device(const std::string& name);

/// Returns the number of usable GPUs. Opens LibTorch's CUDA library if it is installed, so that one
/// binary serves hosts with and without a GPU.
int64_t cuda_device_count();

/// Sets the number of threads of tensor operations on the CPU; 0: one per core.
void set_threads(int threads);

/// Makes equal inputs give equal bits: deterministic kernels, no autotuning. An operation without a
/// deterministic kernel on the device then throws. TF32 is used only with `precision` "tf32", and
/// only for cuDNN's convolutions, as in PyTorch's defaults. Call it before any CUDA operation.
void make_deterministic(const std::string& precision = "fp32");

/// Waits until the device has finished all work queued so far.
void synchronize(torch::Device device);

/// Returns `host` on the device, copied from pinned memory without waiting; on the CPU `host`
/// itself.
torch::Tensor uploaded(const torch::Tensor& host, torch::Device device);

/// Returns one value per channel, [1,3,1,1] f32, made on the device without a copy.
torch::Tensor per_channel(const std::array<float, 3>& values, torch::Device device);

/// Returns the "device" of a record's environment: {"kind":"cpu","threads":2} or {"kind":"cuda",
/// "name","memory_bytes","driver_cuda","runtime_cuda","cudnn"}.
Json describe_device(torch::Device device);

/// While it lives, forward passes run in the recipe's precision: under autocast with "bf16",
/// otherwise unchanged.
class AutocastScope {
 public:
  AutocastScope(torch::Device device, const std::string& precision);
  ~AutocastScope();
  AutocastScope(const AutocastScope&) = delete;
  AutocastScope& operator=(const AutocastScope&) = delete;

 private:
  torch::DeviceType type_;
  bool on_ = false;
  bool enabled_before_ = false;
  torch::ScalarType dtype_before_ = torch::kFloat32;
};

/// Stores the weights of convolutions in channels_last order, which is faster on CPU and GPU. Call
/// it before the optimizer is made.
void use_channels_last(torch::nn::Module& module);

}  // namespace mra
