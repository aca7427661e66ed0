#pragma once

#include <filesystem>
#include <string>

#include "harness/spec/json.h"

namespace mra {

/// A training step to be timed on pictures of random numbers that lie on the device.
struct StepTimesRequest {
  std::string work = "classify";  ///< classify; mra: classify what MRA made; pretrain
  Json model;                     ///< of the classifier, as a spec has it; null: none is trained
  Json augmentor;                 ///< of the augmentor, likewise, for mra and pretrain
  int64_t size_px = 224;
  int64_t batch_size = 256;
  int64_t micro_batch = 0;  ///< of a pretraining step: pictures at a time; 0: the whole batch
  std::string precision = "fp32";
  std::string device = "auto";
  int64_t windows = 5;
  int64_t window_steps = 10;
  std::filesystem::path save;  ///< safetensors for the initial weights; empty: none
};

/// {"images_per_s": [one a window], "losses": of the first steps, "peak_memory_bytes", "device"}.
/// The pictures follow from the request alone (LibTorch's generator with seed 7), so that another
/// program can do the same steps.
Json step_times(const StepTimesRequest& request);

}  // namespace mra
