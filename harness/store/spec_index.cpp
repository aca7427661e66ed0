#include "harness/store/spec_index.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace mra {

/// The value as text, the same for equal numbers: 1.0 is written as 1.
static std::string value_text(const Json& value) {
  constexpr double kExact = 9007199254740992;  // 2^53: up to here every integer is a double
  if (value.is_number_float()) {
    const double number = value.get<double>();
    if (std::fabs(number) < kExact && number == std::trunc(number))
      return std::to_string(int64_t(number));
  }
  return value.dump();
}

/// FNV-1a hash.
static uint64_t hash_of(const std::string& text) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char letter : text) hash = (hash ^ uint8_t(letter)) * 0x100000001b3;
  return std::max<uint64_t>(hash, 1);
}

FlatSpec flat_spec(const Json& spec) {
  FlatSpec flat;
  const Json leaves = spec.flatten();
  for (const auto& [pointer, value] : leaves.items()) {
    flat.pointers.push_back(pointer);
    flat.hashes.push_back(hash_of(value_text(value)));
  }
  return flat;
}

std::string shape_text(const std::vector<std::string>& pointers) {
  return Json(pointers).dump();
}

std::vector<std::string> shape_pointers(const std::string& text) {
  return Json::parse(text).get<std::vector<std::string>>();
}

void SpecIndex::add_shape(int64_t shape, const std::string& text) {
  shapes_[shape].pointers = shape_pointers(text);
}

void SpecIndex::add(const std::string& key, int64_t shape, std::string_view hashes) {
  Shape& place = shapes_[shape];
  if (hashes.size() != place.pointers.size() * sizeof(uint64_t)) return;
  place.keys.push_back(key);
  const size_t before = place.hashes.size();
  place.hashes.resize(before + place.pointers.size());
  std::memcpy(place.hashes.data() + before, hashes.data(), hashes.size());
}

/// The hashes of `spec` in the order of `pointers`; 0, which is no value's hash, where it has none.
static std::vector<uint64_t> in_order_of(const std::vector<std::string>& pointers,
                                         const FlatSpec& spec) {
  std::vector<uint64_t> hashes;
  for (const std::string& pointer : pointers) {
    const auto found = std::lower_bound(spec.pointers.begin(), spec.pointers.end(), pointer);
    const bool there = found != spec.pointers.end() && *found == pointer;
    hashes.push_back(there ? spec.hashes[size_t(found - spec.pointers.begin())] : 0);
  }
  return hashes;
}

std::string SpecIndex::nearest(const FlatSpec& spec) const {
  std::string best_key;
  size_t fewest = std::numeric_limits<size_t>::max();
  for (const auto& [id, shape] : shapes_) {
    const std::vector<uint64_t> wanted = in_order_of(shape.pointers, spec);
    const size_t count = wanted.size();
    const size_t shared = count - size_t(std::count(wanted.begin(), wanted.end(), 0));
    const size_t all_pointers = count + spec.pointers.size() - shared;
    for (size_t i = 0; i < shape.keys.size(); ++i) {
      const uint64_t* other = shape.hashes.data() + i * count;
      size_t same = 0;
      for (size_t j = 0; j < count; ++j) same += wanted[j] == other[j];
      const size_t differences = all_pointers - same;
      if (differences > fewest || (differences == fewest && shape.keys[i] > best_key)) continue;
      fewest = differences;
      best_key = shape.keys[i];
    }
  }
  return best_key;
}

}  // namespace mra
