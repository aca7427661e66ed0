#pragma once

#include <memory>
#include <vector>

#include "harness/data/dataset.h"

namespace mra {

/// A choice of pictures of another data set, in this order, and their labels.
struct Choice {
  std::vector<int64_t> indices;
  std::vector<int32_t> labels;  ///< one for each index, 0 … classes-1
  int64_t classes = 0;
};

/// Makes a data set of the chosen pictures of `whole`.
std::unique_ptr<Dataset> subset_of(std::unique_ptr<Dataset> whole, Choice choice);

}  // namespace mra
