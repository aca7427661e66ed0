#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// A spec prepared for comparisons: its JSON pointers in order, and a 64-bit hash of the value at
/// each. Equal values have equal hashes; two others have equal hashes with probability 5·10⁻²⁰.
struct FlatSpec {
  std::vector<std::string> pointers;
  std::vector<uint64_t> hashes;  ///< none is 0
};
FlatSpec flat_spec(const Json& spec);

/// The pointers of a spec, its shape, as one text, and back. Many specs share a shape.
std::string shape_text(const std::vector<std::string>& pointers);
std::vector<std::string> shape_pointers(const std::string& text);

/// Finds among many specs the one most similar to another. The hashes of specs with the same shape
/// are stored side by side, so that comparing is fast.
class SpecIndex {
 public:
  void add_shape(int64_t shape, const std::string& text);
  /// `hashes`: the bytes of FlatSpec::hashes. A spec whose number of hashes differs from the
  /// shape's number of pointers is left out.
  void add(const std::string& key, int64_t shape, std::string_view hashes);

  bool empty() const { return shapes_.empty(); }
  /// The key of the spec that differs in the fewest pointers, the alphabetically first of several;
  /// empty when the index is empty.
  std::string nearest(const FlatSpec& spec) const;

 private:
  struct Shape {
    std::vector<std::string> pointers;
    std::vector<std::string> keys;
    std::vector<uint64_t> hashes;  ///< [keys, pointers], row by row
  };
  std::map<int64_t, Shape> shapes_;
};

}  // namespace mra
