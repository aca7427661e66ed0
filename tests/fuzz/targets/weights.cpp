#include <algorithm>
#include <cstring>
#include <fstream>

#include "harness/weights/safetensors.h"
#include "harness/weights/tar_archive.h"
#include "harness/weights/torch_legacy.h"
#include "harness/weights/torch_tar.h"
#include "harness/weights/torch_zip.h"
#include "harness/weights/weight_file.h"
#include "harness/weights/zip_archive.h"
#include "tests/fuzz/target.h"
#include "tests/support/temp_dir.h"

namespace mra {

namespace {

using Bytes = std::vector<std::byte>;

Bytes copy_of(std::string_view bytes) {
  const auto* first = reinterpret_cast<const std::byte*>(bytes.data());
  return {first, first + bytes.size()};
}

using Read = WeightContents (*)(std::span<const std::byte>, const std::string&);

/// Reads from memory that ends where the file does, so that a sanitizer sees every byte past it.
bool read_memory(std::string_view bytes, Read read) {
  const Bytes copy = copy_of(bytes);
  return reads_or_refuses(ErrorKind::kIntegrity, [&] {
    const WeightContents contents = read(copy, "file");
    for (const WeightTensor& tensor : contents.tensors) {
      const WeightStorage& storage = contents.storages.at(tensor.storage);
      if (storage.inflated_bytes) continue;  // read_as_file() inflates them
      Bytes values(tensor.size_bytes());
      gather(tensor, storage.bytes, values.data());
    }
  });
}

/// The same as a file, as programs do. Whether it was read.
bool read_as_file(std::string_view bytes, const std::string& name) {
  const TempDir folder;
  std::ofstream(folder / name, std::ios::binary) << bytes;
  return reads_or_refuses(ErrorKind::kIntegrity, [&] {
    const WeightFile file(folder / name);
    for (const WeightTensor& tensor : file.tensors()) {
      must(file.bytes(tensor).bytes.size() == tensor.size_bytes(), "a tensor of another size");
      Bytes values(tensor.size_bytes());
      file.copy_to(tensor, values.data());
    }
    state_dict_of(file);
  });
}

void read_both(std::string_view bytes, Read read) {
  const bool from_memory = read_memory(bytes, read);
  must(from_memory || !read_as_file(bytes, "weights.pth"), "read as a file alone");
}

}  // namespace

void fuzz_weights_zip(std::string_view bytes) {
  if (!bytes.starts_with("PK")) return;
  read_both(bytes, read_torch_zip);
}

void fuzz_weights_legacy(std::string_view bytes) {
  if (!is_torch_legacy(copy_of(bytes))) return;
  read_both(bytes, read_torch_legacy);
}

void fuzz_weights_tar(std::string_view bytes) {
  if (!is_tar(copy_of(bytes))) return;
  read_both(bytes, read_torch_tar);
}

void fuzz_weights_safetensors(std::string_view bytes) {
  const Bytes copy = copy_of(bytes);
  reads_or_refuses(ErrorKind::kIntegrity, [&] { SafetensorsFile("file", copy); });
  read_as_file(bytes, "weights.safetensors");
}

/// Writes the CRC-32 of every member that is found by its own header into the directory.
std::string repair_zip(std::string_view bytes) {
  std::string repaired(bytes);
  const auto number = [&](size_t at, size_t size) {
    uint32_t value = 0;
    if (at + size <= repaired.size()) std::memcpy(&value, repaired.data() + at, size);
    return size_t(value);
  };
  for (size_t at = 0; (at = repaired.find("PK\1\2", at)) != std::string::npos; at += 4) {
    const size_t size = number(at + 24, 4), header = number(at + 42, 4);
    const size_t from = header + 30 + number(header + 26, 2) + number(header + 28, 2);
    if (at + 46 > repaired.size() || from > repaired.size() || size > repaired.size() - from)
      continue;
    const uint32_t sum = crc32(std::as_bytes(std::span(repaired).subspan(from, size)));
    std::memcpy(repaired.data() + at + 16, &sum, sizeof sum);
  }
  return repaired;
}

/// Writes the checksum of every header.
std::string repair_tar(std::string_view bytes) {
  constexpr size_t kBlock = 512, kSumAt = 148, kSumSize = 8, kMagicAt = 257;
  std::string repaired(bytes);
  for (size_t at = 0; at + kBlock <= repaired.size(); at += kBlock) {
    if (repaired.compare(at + kMagicAt, 5, "ustar") != 0) continue;
    std::fill_n(repaired.begin() + ptrdiff_t(at + kSumAt), kSumSize, ' ');
    unsigned sum = 0;
    for (size_t i = 0; i < kBlock; ++i) sum += uint8_t(repaired[at + i]);
    char text[kSumSize];
    std::snprintf(text, sizeof text, "%06o", sum);
    std::memcpy(repaired.data() + at + kSumAt, text, 7);
  }
  return repaired;
}

}  // namespace mra
