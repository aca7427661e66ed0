#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <torch/torch.h>

namespace mra {

using StateDict = std::map<std::string, torch::Tensor>;

/// Returns parameters and buffers, named as in Python's state_dict(). They share their memory.
StateDict state_dict(const torch::nn::Module& module);

/// Reads a weight file of any supported format (WeightFile) into CPU tensors that own their memory.
StateDict read_weights(const std::filesystem::path& path);

/// Writes `weights`, copied to the CPU, as a safetensors file, atomically.
void write_weights(const std::filesystem::path& path, const StateDict& weights,
                   const std::map<std::string, std::string>& metadata = {});

/// Copies `weights`, read from `path`, into `module`: all or none. Throws an Error of kind kUsage
/// for missing or unexpected tensors and wrong shapes, and of kind kIntegrity for values that are
/// not finite; it names the first few tensors and the number of all. The batch counters of batch
/// norms may be missing, as in old files; they become zero.
void assign_weights(torch::nn::Module& module, const StateDict& weights, const std::string& path);

}  // namespace mra
