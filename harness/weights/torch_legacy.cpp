#include "harness/weights/torch_legacy.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "harness/weights/pickle_reader.h"
#include "harness/weights/safetensors.h"
#include "harness/weights/sys_info.h"
#include "harness/weights/torch_tensors.h"

namespace mra {

namespace {

using Kind = PickleValue::Kind;

/// The pickled number 0x1950a86a20f9469cfc6c; two bytes with the protocol stand before it.
constexpr uint8_t kMagic[] = {0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9,
                              0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e};
constexpr size_t kProtocolBytes = 2, kFrameBytes = 9;  // of a frame header in newer protocols
constexpr int64_t kProtocol = 1001;

bool is_magic(std::span<const std::byte> bytes) {
  return bytes.size() >= sizeof kMagic && std::memcmp(bytes.data(), kMagic, sizeof kMagic) == 0;
}

class TorchLegacy {
 public:
  TorchLegacy(std::span<const std::byte> bytes, const std::string& file)
      : file_(file), bytes_(bytes, file, "a pickle or storage") {}

  WeightContents run() {
    const auto pickled_by = std::to_integer<int>(bytes_.take(kProtocolBytes)[1]);
    if (!is_magic(bytes_.rest())) refuse_protocol(pickled_by, file_);
    bytes_.take(sizeof kMagic);
    const PickleTree protocol = read_pickle(bytes_);
    if (protocol.top().kind != Kind::kInt || protocol.top().number != kProtocol)
      refuse_weights(file_, "has a format version other than 1001");
    check_sys_info(read_pickle(bytes_), file_);
    const PickleTree tree = read_pickle(bytes_);
    declare_storages(tree);
    read_storages(read_pickle(bytes_));
    for (TorchLeaf& leaf : torch_leaves(tree, file_))
      add_tensor(
          tree, std::move(leaf), file_,
          [&](const PickleValue& id) { return storage(storage_id(tree, id, file_)); }, contents_);
    return std::move(contents_);
  }

 private:
  /// Raw storages follow each other without a size. Only the object says how long each one is.
  void declare_storages(const PickleTree& tree) {
    for (const PickleValue& value : tree.values) {
      if (value.kind != Kind::kPersistent) continue;
      const StorageId id = storage_id(tree, value, file_);
      const auto [known, added] = declared_.try_emplace(id.key, id);
      if (known->second.dtype != id.dtype || known->second.count != id.count)
        refuse_weights(file_, fmt::format("declares storage '{}' in two ways", brief(id.key)));
    }
  }

  void read_storages(const PickleTree& keys) {
    if (keys.top().kind != Kind::kList) refuse_weights(file_, "has no list of its storages");
    for (const PickleId id : keys.top().items) read_storage(key_text(keys.at(id), file_));
    if (bytes_.left() != 0) bytes_.refuse("is followed by bytes that belong to no storage");
  }

  void read_storage(const std::string& key) {
    const auto id = declared_.find(key);
    if (id == declared_.end())
      refuse_weights(file_, fmt::format("lists storage '{}', which no tensor uses", brief(key)));
    const auto count = bytes_.take_number<uint64_t>();
    if (count != id->second.count)
      bytes_.refuse(fmt::format("has {} values instead of {}", count, id->second.count));
    const size_t size = bytes_of_dtype(id->second.dtype);
    if (count > bytes_.left() / size) bytes_.refuse("is cut short");
    if (!places_.emplace(key, contents_.storages.size()).second)
      refuse_weights(file_, fmt::format("lists storage '{}' twice", brief(key)));
    contents_.storages.push_back({bytes_.take(count * size), {}, "storage " + key});
  }

  FoundStorage storage(const StorageId& id) const {
    const auto place = places_.find(id.key);
    if (place == places_.end())
      refuse_weights(file_, fmt::format("lacks storage '{}'", brief(id.key)));
    if (!id.view) return {place->second, id.dtype, 0, id.count};
    if (id.view->offset > id.count || id.view->count > id.count - id.view->offset)
      refuse_weights(file_, fmt::format("has a view past the end of storage '{}'", brief(id.key)));
    return {place->second, id.dtype, id.view->offset, id.view->count};
  }

  const std::string& file_;
  ByteCursor bytes_;
  std::map<std::string, StorageId> declared_;
  std::map<std::string, size_t> places_;  ///< index into contents_.storages
  WeightContents contents_;
};

}  // namespace

bool is_torch_legacy(std::span<const std::byte> bytes) {
  if (bytes.size() < kProtocolBytes || bytes[0] != std::byte{0x80}) return false;
  const auto behind = bytes.subspan(kProtocolBytes);
  return is_magic(behind) || (behind.size() > kFrameBytes && is_magic(behind.subspan(kFrameBytes)));
}

WeightContents read_torch_legacy(std::span<const std::byte> bytes, const std::string& file) {
  return TorchLegacy(bytes, file).run();
}

}  // namespace mra
