#include "harness/weights/torch_zip.h"

#include <map>

#include <fmt/format.h>

#include "harness/weights/pickle_reader.h"
#include "harness/weights/safetensors.h"
#include "harness/weights/torch_tensors.h"
#include "harness/weights/utf8.h"
#include "harness/weights/zip_archive.h"

namespace mra {

namespace {

class TorchZip {
 public:
  TorchZip(std::span<const std::byte> bytes, const std::string& file)
      : file_(file), members_(read_zip(bytes, file)) {}

  WeightContents run() {
    root_ = find_root();
    check_byte_order();
    ByteCursor pickle(checked(root_ + "data.pkl"), file_, "its pickle");
    const PickleTree tree = read_pickle(pickle);
    for (TorchLeaf& leaf : torch_leaves(tree, file_))
      add_tensor(
          tree, std::move(leaf), file_,
          [&](const PickleValue& id) { return storage(storage_id(tree, id, file_)); }, contents_);
    return std::move(contents_);
  }

 private:
  /// The one folder that everything lies in: "archive/".
  std::string find_root() const {
    std::string root;
    for (const auto& [name, member] : members_) {
      const size_t slash = name.find('/');
      if (slash == std::string::npos || name.substr(slash) != "/data.pkl") continue;
      if (!root.empty()) refuse_weights(file_, "holds two objects, each with a data.pkl");
      root = name.substr(0, slash + 1);
    }
    if (root.empty())
      refuse_weights(file_, "is a zip archive without a data.pkl: torch.save did not write it",
                     "name a file of weights");
    return root;
  }

  const ZipMember* find(const std::string& name) const {
    const auto found = members_.find(name);
    return found == members_.end() ? nullptr : &found->second;
  }

  /// The bytes of a small member, its CRC-32 compared.
  std::span<const std::byte> checked(const std::string& name) const {
    const ZipMember* member = find(name);
    if (crc32(member->bytes) != member->crc32)
      refuse_weights(file_, fmt::format("member '{}' does not match its CRC-32", name));
    return member->bytes;
  }

  void check_byte_order() const {
    if (find(root_ + "byteorder") == nullptr) return;
    const auto bytes = checked(root_ + "byteorder");
    const std::string_view order(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (order != "little")
      refuse_weights(file_, fmt::format("has the byte order '{}'", printable(order)),
                     "save it again on a little-endian machine");
  }

  FoundStorage storage(const StorageId& id) {
    const auto [known, added] = storages_.try_emplace(id.key);
    if (added) known->second = open_storage(id);
    if (known->second.dtype != id.dtype || known->second.count != id.count)
      refuse_weights(file_, fmt::format("declares storage '{}' in two ways", printable(id.key)));
    return known->second;
  }

  FoundStorage open_storage(const StorageId& id) {
    if (id.view) refuse_weights(file_, "has a view of a storage, as only older files do");
    const std::string name = root_ + "data/" + id.key;
    const ZipMember* member = find(name);
    if (member == nullptr)
      refuse_weights(file_, fmt::format("has no member '{}'", printable(name)));
    const size_t size = bytes_of_dtype(id.dtype);
    if (member->bytes.size() % size != 0 || member->bytes.size() / size != id.count)
      refuse_weights(file_, fmt::format("member '{}' has {} bytes instead of {} values of {}", name,
                                        member->bytes.size(), id.count, size));
    contents_.storages.push_back({member->bytes, member->crc32, name});
    return {contents_.storages.size() - 1, id.dtype, 0, id.count};
  }

  const std::string& file_;
  std::map<std::string, ZipMember> members_;
  std::string root_;
  std::map<std::string, FoundStorage> storages_;
  WeightContents contents_;
};

}  // namespace

WeightContents read_torch_zip(std::span<const std::byte> bytes, const std::string& file) {
  return TorchZip(bytes, file).run();
}

}  // namespace mra
