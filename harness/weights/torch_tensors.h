#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/weights/pickle_tree.h"
#include "harness/weights/weight_tensor.h"

// The tensors in a pickle of torch.save, independent of the container format.
namespace mra {

/// A tensor or persistent id, with the dictionary keys that lead to it.
struct TorchLeaf {
  std::vector<std::string> path;
  PickleId id;
};

/// Returns every tensor, parameter and persistent id of the tree, in its order. Depth and number
/// are limited: a tree that contains itself, or that would expand to 2^40 leaves, is an Error that
/// names `file`.
std::vector<TorchLeaf> torch_leaves(const PickleTree& tree, const std::string& file);

/// ('storage', class, key, location, count[, view]): refers to a storage of a zip or legacy file.
struct StorageId {
  struct View {
    uint64_t offset, count;  ///< in values of the storage
  };
  std::string dtype, key;
  uint64_t count = 0;  ///< number of values
  std::optional<View> view = std::nullopt;
};

/// Reads a persistent id, or the plain tuple that some writers put in its place. Throws an Error
/// that names `file` when it does not refer to a storage.
StorageId storage_id(const PickleTree& tree, const PickleValue& value, const std::string& file);

/// Returns text as it is and a number as digits. Throws an Error for other values.
std::string key_text(const PickleValue& value, const std::string& file);

/// Returns the tensor inside nested parameters. Throws an Error when there is none.
const PickleValue& unwrap(const PickleTree& tree, PickleId id, const std::string& file);

/// Returns sizes, strides and offset of a kTensor value, and its type if the file gives it
/// separately. They are not yet checked against the storage.
WeightTensor tensor_layout(const PickleTree& tree, const PickleValue& value,
                           const std::string& file);

/// A storage that was found in a container.
struct FoundStorage {
  size_t index;  ///< index into WeightContents::storages
  std::string dtype;
  uint64_t first = 0;  ///< first value of the view in the storage
  uint64_t count = 0;  ///< number of values in the view
};

/// Connects `tensor` with its storage. If the tensor has its own type, the storage counts bytes.
void place_in(const FoundStorage& storage, WeightTensor& tensor, const std::string& file);

/// Adds the tensor of `leaf` to `contents`. `find` returns the storage of a persistent id. A leaf
/// that is itself a storage is skipped.
template <typename Find>
void add_tensor(const PickleTree& tree, TorchLeaf leaf, const std::string& file, Find find,
                WeightContents& contents) {
  const PickleValue& value = unwrap(tree, leaf.id, file);
  if (value.kind == PickleValue::Kind::kSkipped)
    contents.skipped.push_back({std::move(leaf.path), std::string(value.text)});
  if (value.kind != PickleValue::Kind::kTensor) return;
  WeightTensor tensor = tensor_layout(tree, value, file);
  tensor.path = std::move(leaf.path);
  place_in(find(tree.at(value.items[0])), tensor, file);
  contents.tensors.push_back(std::move(tensor));
}

}  // namespace mra
