#pragma once

#include <filesystem>

#include "harness/spec/json.h"

namespace mra {

struct FewShotTimesRequest {
  int64_t episodes = 600, ways = 5, shots = 5, queries = 15;
  int64_t features = 512;      ///< of a picture
  Json model;                  ///< of the network that MAML learns, as a spec has it
  int64_t size_px = 64;        ///< of its pictures
  bool second_order = true;    ///< of MAML
  int threads = 1;             ///< 0: one a core
  std::filesystem::path save;  ///< safetensors for inputs and results; empty: none
};

/// Times the new last layers of Baseline's episodes, all together, and a step of MAML with four
/// episodes, both of random numbers: {"heads_s": […], "maml_step_s": […], "loss": first}. What is
/// saved lets another program do the same work: "features" [E,W,k+Q,D], "orders", "weight", "bias",
/// "accuracies" [E] in percent, "images" [4,W,k+Q,3,H,H], "maml/<name>".
Json few_shot_times(const FewShotTimesRequest& request);

}  // namespace mra
