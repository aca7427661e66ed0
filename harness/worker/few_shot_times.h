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
  std::filesystem::path save;  ///< safetensors file for inputs and results; empty: none
};

/// Times work on random numbers: Baseline's new last layers for all episodes together, the episodes
/// that other methods classify from features of the paper's size, both with one thread in seconds
/// of the processor, and a step of MAML with four episodes, in seconds that pass, with all cores.
/// Returns {"heads_s": …, "maml": {"seconds", "loss"}, "proto_net": {"episodes", "seconds"}, …}.
/// The saved file lets another program do the same: "features" [E,W,k+Q,D], "orders", "weight",
/// "bias", "accuracies" [E] in percent, "images" [4,W,k+Q,3,H,H], "maml/<weight>",
/// "<method>/weights/<weight>", "<method>/scores" [episodes, W·Q,W] and "relation_net/features"
/// [episodes,W,k+Q,D,7,7].
Json few_shot_times(const FewShotTimesRequest& request);

}  // namespace mra
