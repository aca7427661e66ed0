#pragma once

#include <map>
#include <string>
#include <vector>

#include "harness/spec/library.h"

namespace mra {

/// Something that a spec can name.
struct Method {
  std::string kind;               ///< "augmentation of batches", "task", "data set", …
  Json used = Json::object();     ///< option -> its different values in the rows that use it
  std::vector<std::string> rows;  ///< "table6/Mask Low": those that use it
};

/// All of them, by name, without their uses.
std::map<std::string, Method> methods_by_name();

/// The same with the uses in the tables at a scale. A table that cannot be read is left out.
std::map<std::string, Method> methods_with_uses(const SpecLibrary& library,
                                                const std::string& scale);

}  // namespace mra
