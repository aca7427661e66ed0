#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// A spec laid out for comparing: its JSON pointers in order, and a 64-bit hash of the value at
/// each. Equal values have equal hashes; for two others to meet is one chance in 10^19.
struct FlatSpec {
  std::vector<std::string> pointers;
  std::vector<uint64_t> hashes;  ///< none is 0
};
FlatSpec flat_spec(const Json& spec);

/// The pointers of many specs (their shape) as one text, and back.
std::string shape_text(const std::vector<std::string>& pointers);
std::vector<std::string> shape_pointers(const std::string& text);

/// Finds among many specs the one most like another. Specs of one shape lie side by side, so that
/// a comparison is a walk over numbers.
class SpecIndex {
 public:
  void add_shape(int64_t shape, const std::string& text);
  /// `hashes`: bytes of FlatSpec::hashes, as many as the shape has pointers; else the spec is
  /// left out.
  void add(const std::string& key, int64_t shape, std::string_view hashes);

  bool empty() const { return shapes_.empty(); }
  /// The key whose spec differs in the fewest pointers, of several the first by alphabet; empty
  /// when there is none.
  std::string nearest(const FlatSpec& spec) const;

 private:
  struct Shape {
    std::vector<std::string> pointers;
    std::vector<std::string> keys;
    std::vector<uint64_t> hashes;  ///< of the first key, of the second, …
  };
  std::map<int64_t, Shape> shapes_;
};

}  // namespace mra
