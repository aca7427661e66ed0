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

/// The values of one tensor, row-major and little-endian: in the file's memory where they lie so,
/// else a copy.
struct WeightBytes {
  std::span<const std::byte> bytes;
  std::vector<std::byte> copy = {};  ///< what `bytes` is of, if it is one
};

/// A file of weights in any container, memory-mapped. Opening reads its headers and checks that all
/// tensors lie where they should; values cost nothing until they are asked for. Nothing in the file
/// is ever executed. Not for several threads at once.
class WeightFile {
 public:
  /// Knows the container by its first bytes. An Error of kind kIntegrity names the file and why it
  /// is refused.
  explicit WeightFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  /// "zip", "legacy", "tar" or "safetensors".
  const std::string& container() const { return container_; }
  const std::map<std::string, std::string>& metadata() const { return contents_.metadata; }
  /// In the order of the file, by their whole path.
  const std::vector<WeightTensor>& tensors() const { return contents_.tensors; }
  /// Tensors whose values are not read, such as sparse ones.
  const std::vector<SkippedTensor>& skipped() const { return contents_.skipped; }
  /// The tensor of that name; an Error with the nearest names otherwise.
  const WeightTensor& at(const std::string& name) const;

  /// An Error when the storage does not match the CRC-32 that the file gives for it.
  WeightBytes bytes(const WeightTensor& tensor) const;
  /// The same to `out`, which has room for tensor.size_bytes(): one copy, whatever the strides.
  void copy_to(const WeightTensor& tensor, void* out) const;

 private:
  std::span<const std::byte> values_of(size_t storage) const;
  void check_sum(size_t storage) const;
  [[noreturn]] void refuse_sum(size_t storage) const;

  MappedFile file_;
  std::filesystem::path path_;
  std::string container_;
  WeightContents contents_;
  mutable std::vector<bool> checked_;  ///< storages whose CRC-32 was compared
  mutable std::map<size_t, std::vector<std::byte>> inflated_;  ///< storages that are deflated
};

/// Where a model's weights lie in a file: what stands before each of their names.
struct StateDictPlace {
  std::string prefix;               ///< "", "state_dict.module." and so on
  std::vector<std::string> others;  ///< entries beside it that hold tensors too: "model_ema"
};

/// Finds the weights of a model: under an entry named as training programs do ("state_dict",
/// "model", "model_ema", …), and behind names that wrappers put before all others ("module.",
/// "_orig_mod.", "model.", "net."). `entry` names the entry to take instead; an Error of kind
/// kUsage when it holds no tensors.
StateDictPlace find_state_dict(const WeightFile& file, const std::string& entry = "");

/// The tensors below `prefix`, without it. A file that is one tensor names it "tensor".
std::map<std::string, const WeightTensor*> tensors_below(const WeightFile& file,
                                                         const std::string& prefix);

/// tensors_below() the place that find_state_dict() finds.
std::map<std::string, const WeightTensor*> state_dict_of(const WeightFile& file);

/// The tensors below a prefix as a reader takes them that does not know all types.
struct KnownTensors {
  std::map<std::string, const WeightTensor*> tensors;
  std::vector<std::string> left_out;  ///< the others, with why: "u (C128)", "w (sparse)"
};
KnownTensors known_tensors(const WeightFile& file, const std::string& prefix,
                           bool (*knows)(const std::string& dtype));

/// The network's spec that this program wrote into the metadata of weights, as JSON text: an object
/// with a "name". Nothing for files of others, whose metadata may have a key "model" as well.
std::optional<std::string> recorded_model(const WeightFile& file);

/// "5 (a, b, c, …)": how many `names` there are, and the first of them.
std::string few(const std::vector<std::string>& names);

}  // namespace mra
