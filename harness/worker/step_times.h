#pragma once

#include <filesystem>
#include <string>

#include "harness/spec/json.h"

namespace mra {

/// A training step to be timed. Its pictures are random numbers that are already on the device.
struct StepTimesRequest {
  std::string work = "classify";  ///< classify; mra: classify the output of MRA; pretrain
  Json model;                     ///< of the classifier, as in a spec; null: none
  Json augmentor;                 ///< of the augmentor, likewise; for mra and pretrain
  int64_t size_px = 224;
  int64_t batch_size = 256;
  int64_t micro_batch = 0;  ///< pictures at a time in pretraining; 0: the whole batch
  std::string precision = "fp32";
  std::string determinism = "strict";  ///< of choose_kernels()
  std::string device = "auto";
  int64_t windows = 5;
  int64_t window_steps = 10;
  std::filesystem::path save;  ///< safetensors file for the initial weights; empty: none
};

/// Returns {"images_per_s": [one per window], "losses": of the first steps, "peak_memory_bytes",
/// "device"}. The pictures depend only on the request (LibTorch's generator with seed 7), so that
/// another program can do the same steps.
Json step_times(const StepTimesRequest& request);

}  // namespace mra
