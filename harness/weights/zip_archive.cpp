#include "harness/weights/zip_archive.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <libdeflate.h>

#include "harness/base/text.h"
#include "harness/weights/byte_cursor.h"

namespace mra {

namespace {

constexpr uint32_t kLocalHeader = 0x04034b50, kDirectoryEntry = 0x02014b50;
constexpr uint32_t kEnd = 0x06054b50, kEnd64 = 0x06064b50, kEnd64Locator = 0x07064b50;
constexpr size_t kEndSize = 22, kEnd64LocatorSize = 20;
constexpr size_t kMostBehind = 65535;  // the longest comment; other bytes may follow, too
constexpr uint16_t kStored = 0, kDeflated = 8;
constexpr uint32_t kIn64 = 0xFFFFFFFF;  // the value is in the ZIP64 field
constexpr uint16_t kExtra64 = 1;        // id of the ZIP64 field

/// The position of the directory of members.
struct Directory {
  uint64_t entries = 0, size = 0, offset = 0;
};

class ZipReader {
 public:
  ZipReader(std::span<const std::byte> archive, const std::string& file)
      : archive_(archive), file_(file) {}

  std::map<std::string, ZipMember> run() {
    const Directory directory = find_directory();
    ByteCursor entries = part(directory.offset, directory.size, "its directory");
    std::map<std::string, ZipMember> members;
    for (uint64_t i = 0; i < directory.entries; ++i) {
      const auto [name, member] = read_entry(entries);
      if (!members.emplace(name, member).second)
        entries.refuse(fmt::format("names '{}' twice", brief(name)));
    }
    if (entries.left() != 0) entries.refuse("has bytes behind its last entry");
    return members;
  }

 private:
  /// Returns a cursor on `size` bytes from `offset`.
  ByteCursor part(uint64_t offset, uint64_t size, const char* name) const {
    if (offset > archive_.size() || size > archive_.size() - offset)
      refuse_weights(file_, fmt::format("{} lies past the end of the file", name));
    return {archive_.subspan(offset, size), file_, name};
  }
  ByteCursor part_from(uint64_t offset, const char* name) const {
    return part(offset, archive_.size() - std::min<uint64_t>(offset, archive_.size()), name);
  }

  Directory find_directory() const;
  std::optional<Directory> directory_of(size_t end) const;
  std::optional<Directory> directory64(size_t end, Directory directory) const;
  std::pair<std::string, ZipMember> read_entry(ByteCursor& entries) const;
  std::span<const std::byte> payload(const std::string& name, uint64_t size, uint64_t header) const;

  std::span<const std::byte> archive_;
  const std::string& file_;
};

/// The end record is the last one whose directory is at the place it names. A comment, or bytes
/// that do not belong to the archive, may follow it.
Directory ZipReader::find_directory() const {
  const size_t size = archive_.size();
  bool cut = true;
  for (size_t behind = 0; behind <= kMostBehind && behind + kEndSize <= size; ++behind) {
    const size_t at = size - kEndSize - behind;
    if (std::memcmp(archive_.data() + at, &kEnd, sizeof kEnd) != 0) continue;
    cut = false;
    if (const auto directory = directory_of(at)) return *directory;
  }
  refuse_weights(file_, cut ? "has no end record: the zip archive is cut short"
                            : "has an end record that does not fit: the zip archive is damaged, or "
                              "in several parts");
}

/// Reads the end record at `end`. Returns nothing when it does not lead to a directory.
std::optional<Directory> ZipReader::directory_of(size_t end) const {
  ByteCursor record = part_from(end + sizeof kEnd, "its end record");
  const auto disk = record.take_number<uint16_t>(), directory_disk = record.take_number<uint16_t>();
  const auto here = record.take_number<uint16_t>(), entries = record.take_number<uint16_t>();
  const Directory directory{entries, record.take_number<uint32_t>(),
                            record.take_number<uint32_t>()};
  if (end >= kEnd64LocatorSize &&
      part_from(end - kEnd64LocatorSize, "its end record").take_number<uint32_t>() == kEnd64Locator)
    return directory64(end - kEnd64LocatorSize, directory);
  const bool whole = disk == 0 && directory_disk == 0 && here == entries;
  if (!whole || directory.offset + directory.size != end) return std::nullopt;
  return directory;
}

std::optional<Directory> ZipReader::directory64(size_t locator_at, Directory directory) const {
  ByteCursor locator = part_from(locator_at, "its ZIP64 locator");
  locator.take(8);
  ByteCursor end = part_from(locator.take_number<uint64_t>(), "its ZIP64 end record");
  if (end.take_number<uint32_t>() != kEnd64) return std::nullopt;
  end.take(8 + 2 + 2 + 4 + 4);  // its size, versions, disks
  const auto here = end.take_number<uint64_t>();
  directory.entries = end.take_number<uint64_t>();
  directory.size = end.take_number<uint64_t>();
  directory.offset = end.take_number<uint64_t>();
  if (here != directory.entries) return std::nullopt;
  return directory;
}

/// Replaces a value that did not fit into 32 bits by the one in the ZIP64 field.
void take_64(uint64_t& value, ByteCursor& field) {
  if (value == kIn64) value = field.take_number<uint64_t>();
}

/// Finds the ZIP64 field among the extra fields of an entry; empty when there is none.
ByteCursor find_extra64(std::span<const std::byte> extra, const std::string& file) {
  ByteCursor fields(extra, file, "an extra field");
  while (fields.left() >= 4) {
    const auto id = fields.take_number<uint16_t>();
    const auto content = fields.take(fields.take_number<uint16_t>());
    if (id == kExtra64) return {content, file, "a ZIP64 field"};
  }
  return {{}, file, "a missing ZIP64 field"};
}

std::pair<std::string, ZipMember> ZipReader::read_entry(ByteCursor& entries) const {
  if (entries.take_number<uint32_t>() != kDirectoryEntry)
    entries.refuse("has fewer entries than the archive says");
  entries.take(2 + 2);  // versions
  const auto flags = entries.take_number<uint16_t>(), method = entries.take_number<uint16_t>();
  entries.take(4);  // time
  ZipMember member;
  member.crc32 = entries.take_number<uint32_t>();
  uint64_t packed = entries.take_number<uint32_t>(), size = entries.take_number<uint32_t>();
  const auto name_size = entries.take_number<uint16_t>(), extra = entries.take_number<uint16_t>(),
             comment = entries.take_number<uint16_t>();
  entries.take(2 + 2 + 4);  // disk, attributes
  uint64_t header = entries.take_number<uint32_t>();
  const std::string name(entries.take_text(name_size));
  ByteCursor wide = find_extra64(entries.take(extra), file_);
  take_64(size, wide);  // in this order
  take_64(packed, wide);
  take_64(header, wide);
  entries.take(comment);
  if (!is_utf8(name)) entries.refuse("has a name that is not UTF-8");
  if ((flags & 1) != 0)
    refuse_weights(file_, fmt::format("member '{}' of the zip archive is encrypted", brief(name)),
                   "unpack the archive with its password, and save the weights again");
  if (method != kStored && method != kDeflated)
    refuse_weights(file_,
                   fmt::format("member '{}' of the zip archive is compressed by method {}; only "
                               "stored and deflated members are read",
                               brief(name), method),
                   "load the file in PyTorch and save it by torch.save");
  if (method == kStored && packed != size)
    entries.refuse(fmt::format("gives two sizes for '{}'", brief(name)));
  member.deflated = method == kDeflated;
  member.size_bytes = size;
  member.bytes = payload(name, packed, header);
  return {name, member};
}

/// Returns the bytes of a member. Its own header may be longer than the directory says.
std::span<const std::byte> ZipReader::payload(const std::string& name, uint64_t size,
                                              uint64_t header) const {
  ByteCursor member = part_from(header, "the header of a member");
  if (member.take_number<uint32_t>() != kLocalHeader)
    member.refuse(
        fmt::format("is not at the place that the directory gives for '{}'", brief(name)));
  member.take(2 + 2 + 2 + 4 + 4 + 4 + 4);  // the directory has all of these
  const auto name_size = member.take_number<uint16_t>(), extra = member.take_number<uint16_t>();
  if (member.take_text(name_size) != name)
    member.refuse(fmt::format("has another name than '{}'", brief(name)));
  member.take(extra);
  return member.take(size);
}

}  // namespace

std::map<std::string, ZipMember> read_zip(std::span<const std::byte> archive,
                                          const std::string& file) {
  return ZipReader(archive, file).run();
}

std::optional<std::vector<std::byte>> inflate(std::span<const std::byte> deflated,
                                              size_t size_bytes) {
  const std::unique_ptr<libdeflate_decompressor, decltype(&libdeflate_free_decompressor)> inflater(
      libdeflate_alloc_decompressor(), libdeflate_free_decompressor);
  std::vector<std::byte> bytes(size_bytes);
  // without an output for the size, libdeflate accepts only this size
  if (!inflater || libdeflate_deflate_decompress(inflater.get(), deflated.data(), deflated.size(),
                                                 bytes.data(), bytes.size(), nullptr) != 0)
    return std::nullopt;
  return bytes;
}

uint32_t crc32(std::span<const std::byte> bytes, uint32_t before) {
  return libdeflate_crc32(before, bytes.data(), bytes.size());
}

}  // namespace mra
