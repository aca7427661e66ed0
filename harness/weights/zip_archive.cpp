#include "harness/weights/zip_archive.h"

#include <algorithm>

#include <fmt/format.h>
#include <libdeflate.h>

#include "harness/weights/byte_cursor.h"
#include "harness/weights/utf8.h"

namespace mra {

namespace {

constexpr uint32_t kLocalHeader = 0x04034b50, kDirectoryEntry = 0x02014b50;
constexpr uint32_t kEnd = 0x06054b50, kEnd64 = 0x06064b50, kEnd64Locator = 0x07064b50;
constexpr size_t kEndSize = 22, kEnd64LocatorSize = 20, kMostComment = 65535;
constexpr uint32_t kIn64 = 0xFFFFFFFF;  // the value stands in the ZIP64 field
constexpr uint16_t kExtra64 = 1;        // which has this number

/// Where the directory of members lies.
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
        entries.refuse(fmt::format("names '{}' twice", name));
    }
    if (entries.left() != 0) entries.refuse("is longer than its entries");
    return members;
  }

 private:
  /// A cursor on `size` bytes from `offset`.
  ByteCursor part(uint64_t offset, uint64_t size, const char* name) const {
    if (offset > archive_.size() || size > archive_.size() - offset)
      refuse_weights(file_, fmt::format("{} lies past the end of the file", name));
    return {archive_.subspan(offset, size), file_, name};
  }
  ByteCursor part_from(uint64_t offset, const char* name) const {
    return part(offset, archive_.size() - std::min<uint64_t>(offset, archive_.size()), name);
  }

  Directory find_directory() const;
  Directory directory64(size_t end, Directory directory) const;
  std::pair<std::string, ZipMember> read_entry(ByteCursor& entries) const;
  std::span<const std::byte> payload(const std::string& name, uint64_t size, uint64_t header) const;

  std::span<const std::byte> archive_;
  const std::string& file_;
};

/// The end record is the last thing in the file but for a comment, whose length it knows.
Directory ZipReader::find_directory() const {
  const size_t size = archive_.size();
  for (size_t comment = 0; comment <= kMostComment && comment + kEndSize <= size; ++comment) {
    const size_t at = size - kEndSize - comment;
    if (std::memcmp(archive_.data() + at, &kEnd, sizeof kEnd) != 0) continue;
    ByteCursor end = part_from(at + sizeof kEnd, "its end record");
    const auto disk = end.take_number<uint16_t>(), directory_disk = end.take_number<uint16_t>();
    const auto here = end.take_number<uint16_t>(), entries = end.take_number<uint16_t>();
    Directory directory{entries, end.take_number<uint32_t>(), end.take_number<uint32_t>()};
    if (end.take_number<uint16_t>() != comment) continue;
    if (at >= kEnd64LocatorSize &&
        part_from(at - kEnd64LocatorSize, "its end record").take_number<uint32_t>() ==
            kEnd64Locator)
      return directory64(at - kEnd64LocatorSize, directory);
    if (disk != 0 || directory_disk != 0 || here != entries)
      end.refuse("says that the archive is in several parts");
    if (directory.offset + directory.size != at) end.refuse("is not behind the directory");
    return directory;
  }
  refuse_weights(file_, "has no end record: the zip archive is cut short");
}

Directory ZipReader::directory64(size_t locator_at, Directory directory) const {
  ByteCursor locator = part_from(locator_at, "its ZIP64 locator");
  locator.take(8);
  ByteCursor end = part_from(locator.take_number<uint64_t>(), "its ZIP64 end record");
  if (end.take_number<uint32_t>() != kEnd64) end.refuse("is not where the locator says");
  end.take(8 + 2 + 2 + 4 + 4);  // its size, versions, disks
  const auto here = end.take_number<uint64_t>();
  directory.entries = end.take_number<uint64_t>();
  directory.size = end.take_number<uint64_t>();
  directory.offset = end.take_number<uint64_t>();
  if (here != directory.entries) end.refuse("says that the archive is in several parts");
  return directory;
}

/// Takes from the ZIP64 field what did not fit into 32 bits.
void take_64(uint64_t& value, ByteCursor& field) {
  if (value == kIn64) value = field.take_number<uint64_t>();
}

/// The ZIP64 field among the extra fields of an entry; empty when there is none.
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
  if (entries.take_number<uint32_t>() != kDirectoryEntry) entries.refuse("has no further entry");
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
  if ((flags & 1) != 0) entries.refuse(fmt::format("says '{}' is encrypted", name));
  if (method != 0 || packed != size)
    entries.refuse(fmt::format("says '{}' is compressed, as torch.save never does", name));
  member.bytes = payload(name, size, header);
  return {name, member};
}

/// A member's own header may be longer than the directory says; its bytes follow it.
std::span<const std::byte> ZipReader::payload(const std::string& name, uint64_t size,
                                              uint64_t header) const {
  ByteCursor member = part_from(header, "the header of a member");
  if (member.take_number<uint32_t>() != kLocalHeader)
    member.refuse(fmt::format("is not where the directory puts '{}'", name));
  member.take(2 + 2 + 2 + 4 + 4 + 4 + 4);  // the directory has all of these
  const auto name_size = member.take_number<uint16_t>(), extra = member.take_number<uint16_t>();
  if (member.take_text(name_size) != name)
    member.refuse(fmt::format("has another name than '{}'", name));
  member.take(extra);
  return member.take(size);
}

}  // namespace

std::map<std::string, ZipMember> read_zip(std::span<const std::byte> archive,
                                          const std::string& file) {
  return ZipReader(archive, file).run();
}

uint32_t crc32(std::span<const std::byte> bytes, uint32_t before) {
  return libdeflate_crc32(before, bytes.data(), bytes.size());
}

}  // namespace mra
