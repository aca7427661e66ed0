#pragma once

#include <memory>
#include <vector>

#include "harness/data/dataset.h"

namespace mra {

/// Which pictures of another data set are taken, in this order, and their labels.
struct Choice {
  std::vector<int64_t> indices;
  std::vector<int32_t> labels;  ///< one for each of `indices`, 0 … classes-1
  int64_t classes = 0;
};

/// The chosen pictures of `whole` as a data set of its own.
std::unique_ptr<Dataset> subset_of(std::unique_ptr<Dataset> whole, Choice choice);

}  // namespace mra
