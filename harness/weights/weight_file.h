#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/base/mapped_file.h"
#include "harness/weights/weight_tensor.h"

namespace mra {

/// The values of one tensor, row-major and little-endian. They refer to the file's memory if they
/// have that order there; otherwise they are a copy.
struct WeightBytes {
  std::span<const std::byte> bytes;
  std::vector<std::byte> copy = {};  ///< what `bytes` refers to, if it is a copy
};

/// A memory-mapped file of weights in any container. Opening it reads the headers and checks that
/// all tensors lie inside their storages. Values are read only when they are asked for. Nothing in
/// the file is executed. Not safe for use by several threads at once.
class WeightFile {
 public:
  /// Recognises the container by its first bytes. Throws an Error of kind kIntegrity that names the
  /// file and the reason when it is refused.
  explicit WeightFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  /// "zip", "legacy", "tar" or "safetensors".
  const std::string& container() const { return container_; }
  const std::map<std::string, std::string>& metadata() const { return contents_.metadata; }
  /// In the order of the file, with full paths.
  const std::vector<WeightTensor>& tensors() const { return contents_.tensors; }
  /// Tensors whose values are not read, such as sparse ones.
  const std::vector<SkippedTensor>& skipped() const { return contents_.skipped; }
  /// Returns the tensor with that name. Throws an Error with the nearest name if there is none.
  const WeightTensor& at(const std::string& name) const;

  /// Returns the values. Throws an Error when the storage does not match the CRC-32 in the file.
  WeightBytes bytes(const WeightTensor& tensor) const;
  /// Copies the values to `out`, which has room for tensor.size_bytes(). One copy for any strides.
  void copy_to(const WeightTensor& tensor, void* out) const;

 private:
  std::span<const std::byte> values_of(size_t storage) const;
  void check_sum(size_t storage) const;
  [[noreturn]] void refuse_sum(size_t storage) const;

  MappedFile file_;
  std::filesystem::path path_;
  std::string container_;
  WeightContents contents_;
  mutable std::vector<bool> checked_;  ///< storages whose CRC-32 has been checked
  mutable std::map<size_t, std::vector<std::byte>> inflated_;  ///< by storage index
};

/// Where a file holds a model's weights: the prefix of their names.
struct StateDictPlace {
  std::string prefix;               ///< "", "state_dict.module." and so on
  std::vector<std::string> others;  ///< other entries that contain tensors: "model_ema"
};

/// Finds the weights of a model in a file. Training programs put them into an entry ("state_dict",
/// "model", "model_ema", …), and wrappers add a prefix to all names ("module.", "_orig_mod.",
/// "model.", "net."). `entry` names the entry to use instead of the search. Throws an Error of kind
/// kUsage when that entry has no tensors.
StateDictPlace find_state_dict(const WeightFile& file, const std::string& entry = "");

/// Returns the tensors below `prefix` by the rest of their name. A lone tensor is named "tensor".
std::map<std::string, const WeightTensor*> tensors_below(const WeightFile& file,
                                                         const std::string& prefix);

/// Returns tensors_below() the prefix that find_state_dict() finds.
std::map<std::string, const WeightTensor*> state_dict_of(const WeightFile& file);

/// The tensors below a prefix, for a reader that knows only some types.
struct KnownTensors {
  std::map<std::string, const WeightTensor*> tensors;
  std::vector<std::string> left_out;  ///< the others, with the reason: "u (C128)", "w (sparse)"
};
KnownTensors known_tensors(const WeightFile& file, const std::string& prefix,
                           bool (*knows)(const std::string& dtype));

/// Returns the spec of the network, an object with a "name" as JSON text, from the metadata that
/// this program writes. Returns nothing for other files, even if their metadata have a key "model".
std::optional<std::string> recorded_model(const WeightFile& file);

/// Returns the number of `names` and the first ones: "5 (a, b, c, …)".
std::string few(const std::vector<std::string>& names);

}  // namespace mra
