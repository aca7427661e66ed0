#include "harness/weights/weight_file.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/weights/byte_cursor.h"
#include "harness/weights/safetensors.h"
#include "harness/weights/tar_archive.h"
#include "harness/weights/torch_legacy.h"
#include "harness/weights/torch_tar.h"
#include "harness/weights/torch_zip.h"
#include "harness/weights/zip_archive.h"

namespace mra {

namespace {

/// Size of a read: small enough for the cache, so that a checksum needs no second pass over memory.
constexpr size_t kChunkBytes = 256 << 10;

std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Returns the name of the container by its first bytes; empty for an unknown container.
std::string container_of(std::span<const std::byte> bytes, const std::filesystem::path& path) {
  const std::string_view text = text_of(bytes);
  if (text.starts_with("PK\3\4") || text.starts_with("PK\5\6")) return "zip";
  if (is_torch_legacy(bytes)) return "legacy";
  if (is_tar(bytes)) return "tar";
  const bool header =
      text.size() > 8 && text[8] == '{' && text.substr(4, 4) == std::string_view("\0\0\0\0", 4);
  return header || path.extension() == ".safetensors" ? "safetensors" : "";
}

/// Other kinds of files that users may pass as weights, recognised by their first bytes.
struct OtherKind {
  std::string_view start;
  const char* what;
  const char* cure;
};
using namespace std::string_view_literals;
constexpr OtherKind kOtherFiles[] = {
    {"version https://git-lfs"sv, "is a pointer of Git LFS instead of the file",
     "run git lfs pull"},
    {"<"sv, "is a web page instead of the file", "download the file itself"},
    {"\x80"sv, "is a pickle that torch.save did not write",
     "save the weights by torch.save(model.state_dict(), FILE)"},
    {"\x89HDF"sv, "is an HDF5 file, as Keras writes", "turn it into safetensors first"},
    {"\x93NUMPY"sv, "is a NumPy array (.npy)", "save it as safetensors, or by torch.save"},
    {"GGUF"sv, "is a GGUF file", "turn it into safetensors first"},
    {"\x1f\x8b"sv, "is compressed by gzip", "unpack it first"},
    {"\xFD\x37zXZ"sv, "is compressed by xz", "unpack it first"},
    {"\x28\xB5\x2F\xFD"sv, "is compressed by zstd", "unpack it first"},
    {"BZh"sv, "is compressed by bzip2", "unpack it first"},
    {"7z\xBC\xAF"sv, "is a 7z archive", "unpack it first"},
    {"Rar!"sv, "is a RAR archive", "unpack it first"},
};

[[noreturn]] void refuse_unknown(std::span<const std::byte> bytes, const std::string& file) {
  const std::string_view text = text_of(bytes);
  for (const OtherKind& kind : kOtherFiles)
    if (text.starts_with(kind.start)) refuse_weights(file, kind.what, kind.cure);
  refuse_weights(file, "is not a file of weights: neither zip, legacy pickle, tar nor safetensors",
                 "name a file that torch.save or safetensors wrote; if it is one, get it again");
}

WeightContents read_safetensors(const std::string& file, std::span<const std::byte> mapped) {
  const SafetensorsFile source(file, mapped);
  WeightContents contents;
  contents.metadata = source.metadata();
  for (const auto& [name, view] : source.tensors()) {
    std::vector<int64_t> strides(view.shape.size(), 1);
    for (size_t i = view.shape.size(); i-- > 1;) strides[i - 1] = strides[i] * view.shape[i];
    contents.tensors.push_back(
        {{name}, view.dtype, view.shape, std::move(strides), contents.storages.size(), 0});
    contents.storages.push_back({view.bytes, {}, name});
  }
  for (const auto& [name, dtype] : source.skipped()) contents.skipped.push_back({{name}, dtype});
  return contents;
}

WeightContents read_contents(const std::string& container, std::span<const std::byte> bytes,
                             const std::string& file) {
  if (container == "zip") return read_torch_zip(bytes, file);
  if (container == "legacy") return read_torch_legacy(bytes, file);
  if (container == "tar") return read_torch_tar(bytes, file);
  if (container == "safetensors") return read_safetensors(file, bytes);
  refuse_unknown(bytes, file);
}

}  // namespace

WeightFile::WeightFile(const std::filesystem::path& path)
    : file_(path),
      path_(path),
      container_(container_of(file_.bytes(), path)),
      contents_(read_contents(container_, file_.bytes(), path.string())),
      checked_(contents_.storages.size(), false) {
  std::set<std::string> names;
  for (const WeightTensor& tensor : tensors())
    if (!names.insert(tensor.name()).second)
      refuse_weights(path.string(), fmt::format("has two tensors named '{}'", tensor.name()),
                     "save them under names that differ when joined by dots");
}

const WeightTensor& WeightFile::at(const std::string& name) const {
  std::vector<std::string> names;
  for (const WeightTensor& tensor : tensors()) {
    names.push_back(tensor.name());
    if (names.back() == name) return tensor;
  }
  for (const SkippedTensor& tensor : skipped())
    if (tensor.name() == name)
      refuse_weights(path_.string(),
                     fmt::format("tensor '{}' is {}, and not read", name, tensor.kind),
                     "save it as a plain tensor");
  const std::string near = nearest(name, names);
  refuse_weights(
      path_.string(), fmt::format("has no tensor '{}'", name),
      near.empty() ? "choose a file that has it" : fmt::format("did you mean '{}'?", near));
}

std::optional<std::string> recorded_model(const WeightFile& file) {
  const auto found = file.metadata().find("model");
  if (found == file.metadata().end()) return std::nullopt;
  const auto model = nlohmann::json::parse(found->second, nullptr, /*allow_exceptions=*/false);
  const bool ours = model.is_object() && model.contains("name") && model["name"].is_string();
  return ours ? std::optional(found->second) : std::nullopt;
}

void WeightFile::refuse_sum(size_t storage) const {
  refuse_weights(path_.string(), fmt::format("member '{}' does not match its CRC-32",
                                             contents_.storages[storage].name));
}

/// Returns the bytes of a storage, and inflates them if necessary.
std::span<const std::byte> WeightFile::values_of(size_t storage) const {
  const WeightStorage& values = contents_.storages[storage];
  if (!values.inflated_bytes) return values.bytes;
  if (const auto known = inflated_.find(storage); known != inflated_.end()) return known->second;
  auto inflated = inflate(values.bytes, *values.inflated_bytes);
  if (!inflated)
    refuse_weights(path_.string(), fmt::format("member '{}' cannot be inflated", values.name));
  return inflated_[storage] = std::move(*inflated);
}

void WeightFile::check_sum(size_t storage) const {
  const auto sum = contents_.storages[storage].crc32;
  if (checked_[storage] || !sum) return;
  if (crc32(values_of(storage)) != *sum) refuse_sum(storage);
  checked_[storage] = true;
}

WeightBytes WeightFile::bytes(const WeightTensor& tensor) const {
  check_sum(tensor.storage);
  const size_t size = tensor.size_bytes();
  if (size == 0) return {};
  const auto values = values_of(tensor.storage);
  if (tensor.contiguous())
    return {values.subspan(size_t(tensor.offset) * bytes_of_dtype(tensor.dtype), size)};
  WeightBytes gathered{{}, std::vector<std::byte>(size)};
  gather(tensor, values, gathered.copy.data());
  gathered.bytes = gathered.copy;
  return gathered;
}

void WeightFile::copy_to(const WeightTensor& tensor, void* out) const {
  const WeightStorage& storage = contents_.storages[tensor.storage];
  const bool whole = tensor.contiguous() && tensor.size_bytes() == storage.bytes.size();
  if (!whole || checked_[tensor.storage] || !storage.crc32 || storage.inflated_bytes) {
    check_sum(tensor.storage);
    gather(tensor, values_of(tensor.storage), static_cast<std::byte*>(out));
    return;
  }
  uint32_t sum = 0;
  for (size_t at = 0; at < storage.bytes.size(); at += kChunkBytes) {
    const auto chunk = storage.bytes.subspan(at, std::min(kChunkBytes, storage.bytes.size() - at));
    std::memcpy(static_cast<std::byte*>(out) + at, chunk.data(), chunk.size());
    sum = crc32(chunk, sum);
  }
  if (sum != *storage.crc32) refuse_sum(tensor.storage);
  checked_[tensor.storage] = true;
}

}  // namespace mra
