#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <torch/torch.h>

namespace mra {

using StateDict = std::map<std::string, torch::Tensor>;

/// Parameters and buffers, named as in Python's state_dict(); the tensors are the module's own.
StateDict state_dict(const torch::nn::Module& module);

/// Reads the state dict of a file of weights in any container (WeightFile) into CPU tensors of
/// their own memory.
StateDict read_weights(const std::filesystem::path& path);

/// Writes CPU copies of `weights` atomically as safetensors.
void write_weights(const std::filesystem::path& path, const StateDict& weights,
                   const std::map<std::string, std::string>& metadata = {});

/// Copies `weights`, read from `path`, into `module`: all or nothing. An Error counts and names the
/// first missing, unexpected and misshapen tensors (kUsage), or those not finite (kIntegrity).
/// Batch counters of batch norms may be missing, as in old files: they become zero.
void assign_weights(torch::nn::Module& module, const StateDict& weights, const std::string& path);

}  // namespace mra
