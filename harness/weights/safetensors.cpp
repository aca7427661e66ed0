#include "harness/weights/safetensors.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/suggest.h"

namespace mra {

using Json = nlohmann::json;

namespace {

constexpr size_t kLengthBytes = 8;
constexpr uint64_t kMostHeaderBytes = 100'000'000;  // the format's own limit
constexpr int kMostHeaderDepth = 120;               // a header needs 3; unknown fields may nest

[[noreturn]] void damaged(const std::string& file, const std::string& what) {
  fail(ErrorKind::kIntegrity, file, what, "get the file again: it is damaged, or not safetensors");
}

uint64_t header_length(std::span<const std::byte> bytes, const std::string& file) {
  if (bytes.size() < kLengthBytes) damaged(file, "is shorter than the 8 bytes it must begin with");
  uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  if (length > kMostHeaderBytes || length > bytes.size() - kLengthBytes || length < 2)
    damaged(file,
            fmt::format("says its header has {} bytes, in a file of {}", length, bytes.size()));
  return length;
}

/// Parses the header. Refuses deep nesting and repeated keys before they take much memory.
Json parse_header(std::string_view text, const std::string& file) {
  std::vector<std::vector<std::string>> keys;
  const auto callback = [&](int depth, Json::parse_event_t event, Json& parsed) {
    if (depth > kMostHeaderDepth) damaged(file, "nests its header too deeply");
    if (event == Json::parse_event_t::object_start) keys.emplace_back();
    if (event == Json::parse_event_t::object_end) {
      std::sort(keys.back().begin(), keys.back().end());
      const auto twice = std::adjacent_find(keys.back().begin(), keys.back().end());
      if (twice != keys.back().end()) damaged(file, fmt::format("names '{}' twice", *twice));
      keys.pop_back();
    }
    if (event == Json::parse_event_t::key) keys.back().push_back(parsed.get<std::string>());
    return true;
  };
  // The parser itself would skip a byte order mark and would stop at a zero byte.
  if (text.front() != '{' || text.find('\0') != text.npos)
    damaged(file, "has a header that is not a JSON object");
  try {
    return Json::parse(text, callback);
  } catch (const Json::exception&) {
    damaged(file, "has a header that is not valid JSON");
  }
}

/// Returns a non-negative integer; reports anything else as damage.
uint64_t count(const Json& value, const std::string& file, const std::string& name) {
  if (!value.is_number_unsigned() || value.get<uint64_t>() > uint64_t(INT64_MAX))
    damaged(file, fmt::format("tensor '{}' has a size or place that is not a whole number", name));
  return value.get<uint64_t>();
}

/// Fills in the shape and returns the size of the data in bytes; each value has `bits` bits.
uint64_t bytes_of_shape(const Json& shape, uint64_t bits, TensorView& view, const std::string& name,
                        const std::string& file) {
  uint64_t elements = 1;  // an extent of 0 counts as 1, because strides are products of extents
  bool empty = false;
  for (const Json& extent : shape) {
    const uint64_t length = count(extent, file, name);
    view.shape.push_back(int64_t(length));
    empty = empty || length == 0;
    if (__builtin_mul_overflow(elements, std::max<uint64_t>(length, 1), &elements) ||
        elements > uint64_t(INT64_MAX))
      damaged(file, fmt::format("tensor '{}' is larger than any file", name));
  }
  uint64_t size_bits = 0;
  if (!empty && __builtin_mul_overflow(elements, bits, &size_bits))
    damaged(file, fmt::format("tensor '{}' is larger than any file", name));
  if (size_bits % 8 != 0)
    damaged(file, fmt::format("tensor '{}' does not fill its last byte", name));
  return size_bits / 8;
}

TensorView read_entry(const Json& entry, const std::string& name, const std::string& file,
                      std::span<const std::byte> data) {
  const bool whole = entry.is_object() && entry.contains("dtype") && entry["dtype"].is_string() &&
                     entry.contains("shape") && entry["shape"].is_array() &&
                     entry.contains("data_offsets") && entry["data_offsets"].is_array() &&
                     entry["data_offsets"].size() == 2;
  if (!whole) damaged(file, fmt::format("tensor '{}' lacks dtype, shape or data_offsets", name));
  TensorView view;
  view.dtype = entry["dtype"];
  if (!is_safetensors_dtype(view.dtype))
    fail(ErrorKind::kIntegrity, file,
         fmt::format("tensor '{}' has the type '{}', which is not known", name, view.dtype),
         "write the file again with a type of safetensors, such as F32");
  const uint64_t size = bytes_of_shape(entry["shape"], bits_of_dtype(view.dtype), view, name, file);
  const uint64_t begin = count(entry["data_offsets"][0], file, name);
  const uint64_t end = count(entry["data_offsets"][1], file, name);
  if (begin > end || end > data.size() || end - begin != size)
    damaged(file, fmt::format("tensor '{}' needs {} bytes, its place is {} to {} of {}", name, size,
                              begin, end, data.size()));
  view.bytes = data.subspan(begin, size);
  return view;
}

/// Checks that the tensors cover every byte of the data exactly once.
void check_cover(const std::map<std::string, TensorView>& tensors, std::span<const std::byte> data,
                 const std::string& file) {
  std::vector<std::span<const std::byte>> places;
  for (const auto& [name, view] : tensors) places.push_back(view.bytes);
  std::sort(places.begin(), places.end(), [](const auto& a, const auto& b) {
    return std::pair(a.data(), a.size()) < std::pair(b.data(), b.size());
  });
  const std::byte* next = data.data();
  for (const auto& place : places) {
    if (place.data() != next) damaged(file, "has tensors that overlap, or bytes between them");
    next += place.size();
  }
  if (next != data.data() + data.size()) damaged(file, "has bytes that belong to no tensor");
}

std::map<std::string, std::string> read_metadata(const Json& json, const std::string& file) {
  std::map<std::string, std::string> metadata;
  if (json.is_null()) return metadata;
  if (!json.is_object()) damaged(file, "has metadata that is not an object");
  for (const auto& [key, value] : json.items()) {
    if (!value.is_string()) damaged(file, fmt::format("has metadata '{}' that is not text", key));
    metadata[key] = value;
  }
  return metadata;
}

}  // namespace

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path)
    : file_(std::make_unique<MappedFile>(path)), path_(path) {
  read(file_->bytes());
}

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path,
                                 std::span<const std::byte> mapped)
    : path_(path) {
  read(mapped);
}

void SafetensorsFile::read(std::span<const std::byte> bytes) {
  const std::string file = path_.string();
  const uint64_t length = header_length(bytes, file);
  const auto* text = reinterpret_cast<const char*>(bytes.data()) + kLengthBytes;
  const Json header = parse_header({text, length}, file);
  const auto data = bytes.subspan(kLengthBytes + length);
  for (const auto& [name, entry] : header.items()) {
    if (name == "__metadata__")
      metadata_ = read_metadata(entry, file);
    else
      tensors_[name] = read_entry(entry, name, file, data);
  }
  check_cover(tensors_, data, file);
  for (const auto& [name, view] : tensors_)
    if (bytes_of_dtype(view.dtype) == 0) skipped_[name] = view.dtype;
  for (const auto& [name, dtype] : skipped_) tensors_.erase(name);
}

const TensorView& SafetensorsFile::at(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found != tensors_.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, view] : tensors_) names.push_back(known);
  const std::string near = nearest(name, names);
  fail(ErrorKind::kIntegrity, path_.string(), fmt::format("has no tensor '{}'", name),
       near.empty() ? "choose a file that has it" : fmt::format("did you mean '{}'?", near));
}

void write_safetensors(const std::filesystem::path& path,
                       const std::map<std::string, TensorView>& tensors,
                       const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  size_t offset = 0;
  for (const auto& [name, view] : tensors) {
    header[name] = {{"dtype", view.dtype},
                    {"shape", view.shape},
                    {"data_offsets", {offset, offset + view.bytes.size()}}};
    offset += view.bytes.size();
  }
  std::string text = header.dump();  // throws if a name is not UTF-8: callers pass valid text
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');
  write_atomically(path, [&](const std::filesystem::path& temporary) {
    FileWriter file(temporary);
    const uint64_t length = text.size();
    file.write(&length, sizeof length);
    file.write(text.data(), text.size());
    for (const auto& [name, view] : tensors) file.write(view.bytes.data(), view.bytes.size());
    file.close();
  });
}

}  // namespace mra
