#pragma once

#include <string>

#include <torch/torch.h>

#include "harness/spec/json.h"

namespace mra {

/// The device of "auto", "cpu", "cuda" or "cuda:N"; "auto" is the first GPU, or the CPU where there
/// is none. A GPU asked for and not there is an Error of kind kEnvironment.
torch::Device select_device(const std::string& name);

/// How many GPUs can be used. Opens LibTorch's CUDA library if it is installed: one binary serves
/// hosts with and without a GPU.
int64_t cuda_device_count();

/// Threads of tensor operations on the CPU; 0: one a core.
void set_threads(int threads);

/// Equal inputs, equal bits: deterministic kernels, no autotuning. An operation that has none on
/// the device is an error. TF32 serves what it serves by PyTorch's defaults, the convolutions of
/// cuDNN, and only in the recipe's precision "tf32". To be called before the first CUDA operation.
void make_deterministic(const std::string& precision = "fp32");

/// Waits until the device has done all it was given.
void synchronize(torch::Device device);

/// {"kind":"cpu","threads":2} or {"kind":"cuda","name","memory_bytes","driver_cuda",
/// "runtime_cuda","cudnn"}: what a record says about the device.
Json describe_device(torch::Device device);

/// Forward passes within its life run in the recipe's precision: as it is, or with "bf16" under
/// autocast.
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

/// Weights of convolutions in channels_last order, which is faster on CPU and GPU. To be called
/// before an optimiser is made.
void use_channels_last(torch::nn::Module& module);

}  // namespace mra
