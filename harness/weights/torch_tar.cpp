#include "harness/weights/torch_tar.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "harness/weights/pickle_globals.h"
#include "harness/weights/pickle_reader.h"
#include "harness/weights/safetensors.h"
#include "harness/weights/sys_info.h"
#include "harness/weights/tar_archive.h"
#include "harness/weights/torch_tensors.h"

namespace mra {

namespace {

using Kind = PickleValue::Kind;

class TorchTar {
 public:
  TorchTar(std::span<const std::byte> bytes, const std::string& file)
      : file_(file), members_(read_tar(bytes, file)) {}

  WeightContents run() {
    ByteCursor info = member("sys_info");
    check_sys_info(read_pickle(info), file_);
    read_storages();
    if (members_.contains("tensors")) read_tensors();
    ByteCursor pickle = member("pickle");
    const PickleTree tree = read_pickle(pickle);
    for (TorchLeaf& leaf : torch_leaves(tree, file_)) add(tree, std::move(leaf));
    return std::move(contents_);
  }

 private:
  ByteCursor member(const std::string& name) const {
    const auto found = members_.find(name);
    if (found == members_.end())
      refuse_weights(file_, fmt::format("is a tar archive without a member '{}'", name),
                     "name a file that torch.save wrote");
    return {found->second, file_, "its member " + name};
  }

  /// Reads the number at the start of a member.
  uint64_t read_count(ByteCursor& bytes) const {
    const PickleTree count = read_pickle(bytes);
    if (count.top().kind != Kind::kInt || count.top().number < 0)
      bytes.refuse("does not begin with a count");
    return uint64_t(count.top().number);
  }

  /// Reads a tuple of `size` items that describes the data behind it.
  PickleTree read_tuple(ByteCursor& bytes, size_t size) const {
    PickleTree tuple = read_pickle(bytes);
    if (tuple.top().kind != Kind::kTuple || tuple.top().items.size() != size)
      bytes.refuse("has no description of what follows");
    return tuple;
  }

  void read_storages() {
    ByteCursor bytes = member("storages");
    const uint64_t count = read_count(bytes);
    for (uint64_t i = 0; i < count; ++i) read_storage(bytes);
    if (bytes.left() == 0) return;  // the list of views comes last; some writers leave it out
    const PickleTree views = read_pickle(bytes);
    for (const PickleId view : views.top().items) add_view(views, views.at(view));
  }

  /// Reads one storage: (key, location, class), a count and the values.
  void read_storage(ByteCursor& bytes) {
    const PickleTree about = read_tuple(bytes, 3);
    const auto& items = about.top().items;
    const std::string dtype = dtype_of_global(about.at(items[2]).text);
    if (dtype.empty()) bytes.refuse("has a storage of an unknown class");
    const auto count = bytes.take_number<uint64_t>();
    const size_t size = bytes_of_dtype(dtype);
    if (count > bytes.left() / size)
      bytes.refuse(fmt::format("says it has {} values, which is more than there are", count));
    const std::string key = key_text(about.at(items[0]), file_);
    add_storage(key, {contents_.storages.size(), dtype, 0, count});
    contents_.storages.push_back({bytes.take(count * size), {}, "storage " + key});
  }

  void add_storage(const std::string& key, const FoundStorage& storage) {
    if (!storages_.emplace(key, storage).second)
      refuse_weights(file_, fmt::format("has two storages '{}'", brief(key)));
  }

  /// Adds a view, a part of a storage with its own key: (key, key of the root, offset, count).
  void add_view(const PickleTree& views, const PickleValue& view) {
    if (view.kind != Kind::kTuple || view.items.size() != 4)
      refuse_weights(file_, "has a view of a storage without its place");
    const FoundStorage& root = storage(key_text(views.at(view.items[1]), file_));
    const auto number = [&](size_t i) {
      const PickleValue& value = views.at(view.items[i]);
      return value.kind == Kind::kInt && value.number >= 0 ? uint64_t(value.number) : ~uint64_t(0);
    };
    const uint64_t offset = number(2), count = number(3);
    if (offset > root.count || count > root.count - offset)
      refuse_weights(file_, "has a view past the end of its storage");
    add_storage(key_text(views.at(view.items[0]), file_), {root.index, root.dtype, offset, count});
  }

  const FoundStorage& storage(const std::string& key) const {
    const auto found = storages_.find(key);
    if (found == storages_.end())
      refuse_weights(file_, fmt::format("lacks storage '{}'", brief(key)));
    return found->second;
  }

  void read_tensors() {
    ByteCursor bytes = member("tensors");
    const uint64_t count = read_count(bytes);
    for (uint64_t i = 0; i < count; ++i) read_tensor(bytes);
  }

  /// Reads one tensor: (key, key of the storage, class), then sizes, strides and offset in binary.
  void read_tensor(ByteCursor& bytes) {
    const PickleTree about = read_tuple(bytes, 3);
    const auto& items = about.top().items;
    WeightTensor tensor;
    const auto dimensions = bytes.take_number<int32_t>();
    bytes.take(4);  // the upper half of the number
    if (dimensions < 0 || size_t(dimensions) > bytes.left() / (2 * sizeof(int64_t)))
      bytes.refuse(fmt::format("has a tensor of {} dimensions", dimensions));
    for (int32_t i = 0; i < dimensions; ++i) tensor.shape.push_back(bytes.take_number<int64_t>());
    for (int32_t i = 0; i < dimensions; ++i) tensor.strides.push_back(bytes.take_number<int64_t>());
    tensor.offset = bytes.take_number<int64_t>();
    const PickleValue& storage_key = about.at(items[1]);
    if (storage_key.kind == Kind::kNone) return;  // a tensor without data
    const FoundStorage& values = storage(key_text(storage_key, file_));
    if (dtype_of_global(about.at(items[2]).text) != values.dtype)
      bytes.refuse("has a tensor of another type than its storage");
    tensor.dtype = values.dtype;
    tensor.storage = values.index;
    check_layout(tensor, values.count, file_);
    tensor.offset += int64_t(values.first);
    tensors_.emplace(key_text(about.at(items[0]), file_), std::move(tensor));
  }

  /// Adds a tensor. The pickle has either its key as a persistent id, or a rebuilt tensor as in
  /// later files.
  void add(const PickleTree& tree, TorchLeaf leaf) {
    const PickleValue& value = unwrap(tree, leaf.id, file_);
    if (value.kind == Kind::kTensor || value.kind == Kind::kSkipped) {
      const auto find = [&](const PickleValue& id) {
        const StorageId wanted = storage_id(tree, id, file_);
        const FoundStorage& found = storage(wanted.key);
        if (found.dtype != wanted.dtype || found.count != wanted.count)
          refuse_weights(file_, fmt::format("declares storage '{}' in two ways", wanted.key));
        return found;
      };
      return add_tensor(tree, std::move(leaf), file_, find, contents_);
    }
    const std::string key = key_text(tree.at(value.items[0]), file_);
    if (storages_.contains(key)) return;
    const auto tensor = tensors_.find(key);
    if (tensor == tensors_.end())
      refuse_weights(file_, fmt::format("refers to tensor '{}', which is not there", brief(key)));
    contents_.tensors.push_back(tensor->second);
    contents_.tensors.back().path = std::move(leaf.path);
  }

  const std::string& file_;
  std::map<std::string, std::span<const std::byte>> members_;
  std::map<std::string, FoundStorage> storages_;  ///< by key; includes views
  std::map<std::string, WeightTensor> tensors_;
  WeightContents contents_;
};

}  // namespace

WeightContents read_torch_tar(std::span<const std::byte> bytes, const std::string& file) {
  return TorchTar(bytes, file).run();
}

}  // namespace mra
