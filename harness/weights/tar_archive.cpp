#include "harness/weights/tar_archive.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/weights/byte_cursor.h"

namespace mra {

namespace {

constexpr size_t kBlock = 512;
constexpr size_t kMagicAt = 257;
constexpr std::string_view kTarMagic = "ustar";

struct Field {
  size_t at, size;
};
constexpr Field kName{0, 100}, kMode{100, 8}, kOwner{108, 8}, kGroup{116, 8}, kSize{124, 12},
    kTime{136, 12}, kChecksum{148, 8}, kType{156, 1}, kPrefix{345, 155};

std::string_view field(std::string_view header, Field where) {
  const std::string_view text = header.substr(where.at, where.size);
  return text.substr(0, text.find('\0'));
}

/// Reads octal digits, with spaces around them.
uint64_t octal(std::string_view text, const ByteCursor& archive) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  uint64_t number = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '7') archive.refuse("has a number that is not octal");
    number = number * 8 + uint64_t(digit - '0');
  }
  return number;
}

/// Returns the sum of the bytes of a header, with its checksum field counted as spaces.
uint64_t checksum(std::string_view header) {
  uint64_t sum = 0;
  for (size_t i = 0; i < header.size(); ++i) {
    const bool own = i >= kChecksum.at && i < kChecksum.at + kChecksum.size;
    sum += own ? uint64_t(' ') : uint8_t(header[i]);
  }
  return sum;
}

bool all_zero(std::string_view block) {
  return std::all_of(block.begin(), block.end(), [](char byte) { return byte == 0; });
}

std::string full_name(std::string_view header) {
  const std::string name(field(header, kName)), prefix(field(header, kPrefix));
  return prefix.empty() ? name : prefix + "/" + name;
}

/// Writes a number in octal digits, with zeros before it and a NUL behind it.
void put_octal(std::string& header, Field where, uint64_t number) {
  const std::string digits = fmt::format("{:0{}o}", number, where.size - 1);
  check(digits.size() < where.size, ErrorKind::kFailure, "tar archive",
        fmt::format("a file of {} bytes is too large for the format", number),
        "leave the file out");
  header.replace(where.at, digits.size(), digits);
}

/// Writes a name; where it is long, its first folders go into a field of their own.
void put_name(std::string& header, const std::string& name) {
  const bool is_long = name.size() > kName.size;
  const size_t slash = is_long ? name.find('/', name.size() - kName.size - 1) : 0;
  check(!name.empty() && slash <= kPrefix.size && is_long == (slash > 0), ErrorKind::kFailure,
        "tar archive", fmt::format("the name '{}' does not fit the format", name),
        "give the file another name");
  const std::string last = is_long ? name.substr(slash + 1) : name;
  header.replace(kPrefix.at, slash, name, 0, slash);
  header.replace(kName.at, last.size(), last);
}

std::string header_of(const std::string& name, size_t size) {
  constexpr uint64_t kReadable = 0644;
  std::string header(kBlock, '\0');
  put_name(header, name);
  put_octal(header, kMode, kReadable);
  put_octal(header, kOwner, 0);
  put_octal(header, kGroup, 0);
  put_octal(header, kSize, size);
  put_octal(header, kTime, 0);
  header[kType.at] = '0';  // a plain file
  header.replace(kMagicAt, 8,
                 std::string("ustar\0"
                             "00",
                             8));
  put_octal(header, {kChecksum.at, kChecksum.size - 1}, checksum(header));
  header[kChecksum.at + kChecksum.size - 1] = ' ';
  return header;
}

}  // namespace

bool is_tar(std::span<const std::byte> bytes) {
  return bytes.size() >= kMagicAt + kTarMagic.size() &&
         std::memcmp(bytes.data() + kMagicAt, kTarMagic.data(), kTarMagic.size()) == 0;
}

std::map<std::string, std::span<const std::byte>> read_tar(std::span<const std::byte> archive,
                                                           const std::string& file) {
  ByteCursor bytes(archive, file, "the tar archive");
  std::map<std::string, std::span<const std::byte>> members;
  while (true) {
    const std::string_view header = bytes.take_text(kBlock);
    if (all_zero(header)) break;
    if (octal(field(header, kChecksum), bytes) != checksum(header))
      bytes.refuse("has a header that does not match its checksum");
    const uint64_t size = octal(field(header, kSize), bytes);
    const auto content = bytes.take(size);
    bytes.take((kBlock - size % kBlock) % kBlock);
    const std::string_view type = header.substr(kType.at, kType.size);
    if (type != "0" && type[0] != '\0') continue;  // an extended header, a folder, a link
    const std::string name = full_name(header);
    if (!members.emplace(name, content).second)
      bytes.refuse(fmt::format("has two members '{}'", brief(name)));
  }
  if (!all_zero(bytes.take_text(kBlock)) || bytes.left() % kBlock != 0)
    bytes.refuse("does not end with two empty blocks");
  return members;
}

std::string write_tar(const std::map<std::string, std::string>& files) {
  std::string archive;
  for (const auto& [name, bytes] : files) {
    archive += header_of(name, bytes.size()) + bytes;
    archive.append((kBlock - bytes.size() % kBlock) % kBlock, '\0');
  }
  return archive.append(2 * kBlock, '\0');
}

}  // namespace mra
