#include "harness/weights/tar_archive.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "harness/weights/byte_cursor.h"

namespace mra {

namespace {

constexpr size_t kBlock = 512;
constexpr size_t kMagicAt = 257;
constexpr std::string_view kTarMagic = "ustar";

struct Field {
  size_t at, size;
};
constexpr Field kName{0, 100}, kSize{124, 12}, kChecksum{148, 8}, kType{156, 1}, kPrefix{345, 155};

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

}  // namespace mra
