#include "harness/weights/torch_zip.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "harness/weights/pickle_reader.h"
#include "harness/weights/safetensors.h"
#include "harness/weights/torch_tensors.h"
#include "harness/weights/zip_archive.h"

namespace mra {

namespace {

/// Size limit of members other than storages. The number of values in a pickle is limited anyway.
constexpr size_t kMostSmall_bytes = 64 << 20;

class TorchZip {
 public:
  TorchZip(std::span<const std::byte> bytes, const std::string& file)
      : file_(file), members_(read_zip(bytes, file)) {}

  WeightContents run() {
    root_ = find_root();
    check_byte_order();
    const std::vector<std::byte> bytes = content(root_ + "data.pkl");
    ByteCursor pickle(bytes, file_, "its pickle");
    const PickleTree tree = read_pickle(pickle);
    for (TorchLeaf& leaf : torch_leaves(tree, file_))
      add_tensor(
          tree, std::move(leaf), file_,
          [&](const PickleValue& id) { return storage(storage_id(tree, id, file_)); }, contents_);
    return std::move(contents_);
  }

 private:
  /// Returns the one folder that contains all members: "archive/".
  std::string find_root() const {
    std::string root;
    for (const auto& [name, member] : members_) {
      const size_t slash = name.find('/');
      if (slash == std::string::npos || name.substr(slash) != "/data.pkl") continue;
      if (!root.empty()) refuse_weights(file_, "holds two objects, each with a data.pkl");
      root = name.substr(0, slash + 1);
    }
    if (root.empty()) refuse_other_archive();
    if (members_.contains(root + "constants.pkl"))
      refuse_weights(
          file_, "is a TorchScript program, not a file of weights",
          "save its weights in PyTorch: torch.save(torch.jit.load(FILE).state_dict(), NEW)");
    return root;
  }

  [[noreturn]] void refuse_other_archive() const {
    const bool numpy = std::any_of(members_.begin(), members_.end(), [](const auto& member) {
      return member.first.ends_with(".npy");
    });
    refuse_weights(file_,
                   numpy ? "is a NumPy archive (.npz), not a file of torch.save"
                         : "is a zip archive without a data.pkl: torch.save did not write it",
                   numpy ? "save its arrays as safetensors, or by torch.save"
                         : "name a file of weights; unpack an archive that only contains one");
  }

  const ZipMember* find(const std::string& name) const {
    const auto found = members_.find(name);
    return found == members_.end() ? nullptr : &found->second;
  }

  /// Reads a small member and checks its CRC-32.
  std::vector<std::byte> content(const std::string& name) const {
    const ZipMember& member = *find(name);
    if (member.size_bytes > kMostSmall_bytes)
      refuse_weights(file_,
                     fmt::format("member '{}' has {} MiB, expected at most {}", brief(name),
                                 member.size_bytes >> 20, kMostSmall_bytes >> 20),
                     kSaveWeightsAlone);
    const auto bytes = member.deflated
                           ? inflate(member.bytes, member.size_bytes)
                           : std::vector<std::byte>(member.bytes.begin(), member.bytes.end());
    if (!bytes) refuse_weights(file_, fmt::format("member '{}' cannot be inflated", brief(name)));
    if (member.crc32 != 0 && crc32(*bytes) != member.crc32)
      refuse_weights(file_, fmt::format("member '{}' does not match its CRC-32", brief(name)));
    return *bytes;
  }

  void check_byte_order() const {
    if (find(root_ + "byteorder") == nullptr) return;
    const auto bytes = content(root_ + "byteorder");
    const std::string_view order(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (order != "little")
      refuse_weights(file_, fmt::format("has the byte order '{}'", brief(order)),
                     "save it again on a little-endian machine");
  }

  FoundStorage storage(const StorageId& id) {
    const auto [known, added] = storages_.try_emplace(id.key);
    if (added) known->second = open_storage(id);
    if (known->second.dtype != id.dtype || known->second.count != id.count)
      refuse_weights(file_, fmt::format("declares storage '{}' in two ways", brief(id.key)));
    return known->second;
  }

  FoundStorage open_storage(const StorageId& id) {
    if (id.view) refuse_weights(file_, "has a view of a storage, which zip files never have");
    const std::string name = root_ + "data/" + id.key;
    const ZipMember* member = find(name);
    if (member == nullptr) refuse_weights(file_, fmt::format("has no member '{}'", brief(name)));
    const size_t size = bytes_of_dtype(id.dtype);
    if (member->size_bytes % size != 0 || member->size_bytes / size != id.count)
      refuse_weights(file_, fmt::format("member '{}' has {} bytes instead of {} values of {}",
                                        brief(name), member->size_bytes, id.count, size));
    WeightStorage storage{member->bytes, member->crc32, name};
    if (member->crc32 == 0) storage.crc32.reset();  // torch.save can be told not to compute it
    if (member->deflated) storage.inflated_bytes = member->size_bytes;
    contents_.storages.push_back(std::move(storage));
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
