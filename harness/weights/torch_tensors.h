#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/weights/pickle_tree.h"
#include "harness/weights/weight_tensor.h"

// What a pickle of torch.save says about tensors, apart from the container it lies in.
namespace mra {

/// A tensor, or something a persistent id stands for, with the keys that lead to it.
struct TorchLeaf {
  std::vector<std::string> path;
  PickleId id;
};

/// Every tensor, parameter and persistent id below the top of the tree, in the tree's order.
/// Bounded in depth and number: a tree that contains itself, or that unfolds to 2^40 leaves, is an
/// Error that names `file`.
std::vector<TorchLeaf> torch_leaves(const PickleTree& tree, const std::string& file);

/// ('storage', class, key, location, count[, view]): a storage of a zip or legacy file.
struct StorageId {
  struct View {
    uint64_t offset, count;  ///< in values, of the storage
  };
  std::string dtype, key;
  uint64_t count = 0;  ///< values
  std::optional<View> view = std::nullopt;
};

/// Reads the persistent id `value`, or the tuple that it would be of; an Error that names `file`
/// when it is not such a storage.
StorageId storage_id(const PickleTree& tree, const PickleValue& value, const std::string& file);

/// The text of a text, or the digits of a number; an Error otherwise.
std::string key_text(const PickleValue& value, const std::string& file);

/// The tensor inside of parameters; an Error when there is none.
const PickleValue& unwrap(const PickleTree& tree, PickleId id, const std::string& file);

/// Sizes, strides and offset of a kTensor value, unchecked against its storage; its type if it is
/// given apart from the storage.
WeightTensor tensor_layout(const PickleTree& tree, const PickleValue& value,
                           const std::string& file);

/// A storage as a container found it.
struct FoundStorage {
  size_t index;  ///< into the contents' storages
  std::string dtype;
  uint64_t first = 0;  ///< value of the storage at which this view of it begins
  uint64_t count = 0;  ///< values from there
};

/// Gives `tensor` its storage. A type given apart from the storage counts the storage's bytes.
void place_in(const FoundStorage& storage, WeightTensor& tensor, const std::string& file);

/// Adds the tensor of `leaf` to `contents`; `find` knows the storage of a persistent id. Leaves
/// that are storages themselves are left out.
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
