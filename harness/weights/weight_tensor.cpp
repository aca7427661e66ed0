#include "harness/weights/weight_tensor.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/weights/byte_cursor.h"

namespace mra {

namespace {

constexpr size_t kMostDimensions = 64;
/// A tensor whose strides repeat values may take this many bytes, even if its storage is smaller.
constexpr uint64_t kMostRepeatedBytes = 16 << 20;

}  // namespace

size_t bits_of_dtype(const std::string& dtype) {
  static const std::map<std::string, size_t> kBits = {
      {"F64", 64},    {"I64", 64},    {"U64", 64},        {"F32", 32},        {"I32", 32},
      {"U32", 32},    {"F16", 16},    {"BF16", 16},       {"I16", 16},        {"U16", 16},
      {"I8", 8},      {"U8", 8},      {"BOOL", 8},        {"C64", 64},        {"F8_E4M3", 8},
      {"F8_E5M2", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8}, {"F6_E2M3", 6},
      {"F6_E3M2", 6}, {"F4", 4},      {"C32", 32},        {"C128", 128},      {"Q8", 8},
      {"Q32", 32}};
  const auto found = kBits.find(dtype);
  return found == kBits.end() ? 0 : found->second;
}

bool is_safetensors_dtype(const std::string& dtype) {
  return bits_of_dtype(dtype) > 0 && dtype != "C32" && dtype != "C128" && dtype[0] != 'Q';
}

size_t bytes_of_dtype(const std::string& dtype) {
  return bits_of_dtype(dtype) % 8 == 0 ? bits_of_dtype(dtype) / 8 : 0;
}

std::string WeightTensor::name() const {
  return fmt::format("{}", fmt::join(path, "."));
}

std::string SkippedTensor::name() const {
  return fmt::format("{}", fmt::join(path, "."));
}

int64_t WeightTensor::count() const {
  int64_t count = 1;
  for (const int64_t extent : shape) count *= extent;
  return count;
}

size_t WeightTensor::size_bytes() const {
  return size_t(count()) * bytes_of_dtype(dtype);
}

bool WeightTensor::contiguous() const {
  int64_t expected = 1;
  for (size_t i = shape.size(); i-- > 0; expected *= shape[i])
    if (shape[i] != 1 && strides[i] != expected) return count() == 0;
  return true;
}

void check_layout(const WeightTensor& tensor, uint64_t storage_values, const std::string& file) {
  const auto refuse = [&](const std::string& what) {
    refuse_weights(file, fmt::format("tensor '{}' {}", tensor.name(), what));
  };
  if (tensor.shape.size() != tensor.strides.size())
    refuse("has different numbers of strides and sizes");
  if (tensor.shape.size() > kMostDimensions)
    refuse(fmt::format("has more than {} dimensions", kMostDimensions));
  if (tensor.offset < 0) refuse("begins before its storage");
  const uint64_t size = bytes_of_dtype(tensor.dtype);
  uint64_t bytes = size;
  unsigned __int128 last = uint64_t(tensor.offset);  // index of the farthest value
  bool empty = false;
  for (size_t i = 0; i < tensor.shape.size(); ++i) {
    const int64_t extent = tensor.shape[i], stride = tensor.strides[i];
    if (extent < 0 || stride < 0) refuse("has a negative size or stride");
    empty = empty || extent == 0;
    if (__builtin_mul_overflow(bytes, uint64_t(std::max<int64_t>(extent, 1)), &bytes) ||
        bytes > uint64_t(INT64_MAX))
      refuse("has sizes whose product is beyond 64 bits");
    if (extent > 0) last += (unsigned __int128)(extent - 1) * uint64_t(stride);
  }
  const bool inside = empty ? uint64_t(tensor.offset) <= storage_values : last < storage_values;
  if (!inside) refuse("reaches past the end of its storage");
  const uint64_t stored_bytes = storage_values * size;
  if (!empty && bytes > std::max(stored_bytes, kMostRepeatedBytes))
    refuse_weights(
        file,
        fmt::format(
            "tensor '{}' would take {} bytes of memory: its strides repeat the {} bytes that "
            "the file has for it",
            tensor.name(), bytes, stored_bytes),
        "if this is intended, save the tensor with a shape that has each value once");
}

void gather(const WeightTensor& tensor, std::span<const std::byte> storage, std::byte* out) {
  const size_t size = bytes_of_dtype(tensor.dtype);
  const std::byte* from = storage.data() + size_t(tensor.offset) * size;
  const int64_t count = tensor.count();
  if (count == 0) return;
  if (tensor.contiguous()) {
    std::memcpy(out, from, size_t(count) * size);
    return;
  }
  std::vector<int64_t> at(tensor.shape.size(), 0);
  int64_t place = 0;  // index of the current value in the storage
  for (int64_t i = 0; i < count; ++i) {
    std::memcpy(out + size_t(i) * size, from + place * int64_t(size), size);
    for (size_t d = at.size(); d-- > 0;) {
      if (tensor.shape[d] == 1) continue;  // this stride is never used and may be any number
      place += tensor.strides[d];
      if (++at[d] < tensor.shape[d]) break;
      place -= tensor.strides[d] * tensor.shape[d];
      at[d] = 0;
    }
  }
}

}  // namespace mra
