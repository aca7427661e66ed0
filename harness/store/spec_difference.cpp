#include "harness/store/spec_difference.h"

#include <algorithm>

namespace mra {

std::vector<std::string> differing_pointers(const Json& left, const Json& right) {
  std::vector<std::string> pointers;
  for (const auto& [pointer, value] : left.items()) {
    const auto other = right.find(pointer);
    if (other == right.end() || *other != value) pointers.push_back(pointer);
  }
  for (const auto& [pointer, value] : right.items())
    if (!left.contains(pointer)) pointers.push_back(pointer);
  std::sort(pointers.begin(), pointers.end());
  return pointers;
}

}  // namespace mra
