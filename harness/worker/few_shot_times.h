#pragma once

#include <filesystem>

#include "harness/spec/json.h"

namespace mra {

struct FewShotTimesRequest {
  int64_t episodes = 600, ways = 5, shots = 5, queries = 15;
  int64_t features = 512;      ///< number of features per picture
  Json model;                  ///< of MAML's network, as in a spec
  int64_t size_px = 64;        ///< size of MAML's pictures
  bool second_order = true;    ///< for MAML
  int threads = 1;             ///< 0: one per core
  std::filesystem::path save;  ///< safetensors file for inputs and results; empty: none
};

/// Times Baseline's new last layers for all episodes together, and a step of MAML with four
/// episodes, both on random numbers. Returns {"heads_s": […], "maml_step_s": […], "loss": first}.
/// The saved file lets another program do the same: "features" [E,W,k+Q,D], "orders", "weight",
/// "bias", "accuracies" [E] in percent, "images" [4,W,k+Q,3,H,H], "maml/<name>".
Json few_shot_times(const FewShotTimesRequest& request);

}  // namespace mra
