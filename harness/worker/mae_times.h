#pragma once

#include <filesystem>

#include "harness/spec/json.h"

namespace mra {

struct MaeTimesRequest {
  Json model;  ///< of the augmentor, as in a spec
  double hidden_frac = 0.4;
  int64_t batch_size = 32;
  int threads = 0;             ///< 0: one per core
  std::filesystem::path save;  ///< safetensors file for weights, inputs and results; empty: none
};

/// Times MRA on a batch, and a step of the augmentor's pretraining, both on random numbers. Returns
/// {"mra_s": […], "pretrain_step_s": […], "loss": first}. The saved file lets another program do
/// the same: "weights/<name>", "images", "noise", "augmented", "kept".
Json mae_times(const MaeTimesRequest& request);

}  // namespace mra
