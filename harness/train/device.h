#pragma once

#include <string>

#include <torch/torch.h>

#include "harness/spec/json.h"

namespace mra {

/// The device named "auto", "cpu", "cuda" or "cuda:N"; "auto" is the first GPU, or the CPU if there
/// is none. An absent GPU is an Error of kind kEnvironment, another name one of kind kUsage.
torch::Device select_device(const std::string& name);

/// How many GPUs can be used. Opens LibTorch's CUDA library if it is installed: one binary serves
/// hosts with and without a GPU.
int64_t cuda_device_count();

/// Sets the number of threads of tensor operations on the CPU; 0: one for each core.
void set_threads(int threads);

/// Makes equal inputs give equal bits: deterministic kernels, no autotuning. An operation without a
/// deterministic kernel on the device then throws. TF32 is used for cuDNN's convolutions only, as
/// by PyTorch's defaults, and only with `precision` "tf32". Call it before any CUDA operation.
void make_deterministic(const std::string& precision = "fp32");

/// Waits until the device has finished all work queued so far.
void synchronize(torch::Device device);

/// {"kind":"cpu","threads":2} or {"kind":"cuda","name","memory_bytes","driver_cuda",
/// "runtime_cuda","cudnn"}: the "device" of a record's environment.
Json describe_device(torch::Device device);

/// While it lives, forward passes run in the recipe's precision: under autocast with "bf16", else
/// unchanged.
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
