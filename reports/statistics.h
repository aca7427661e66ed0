#pragma once

#include <optional>
#include <vector>

namespace mra {

/// Estimates from the values of independent runs, in the unit of the values.
struct Sample {
  double mean = 0;
  std::optional<double> sd;    ///< sample standard deviation (n - 1); nothing for a single value
  std::optional<double> ci95;  ///< half of the 95 % interval of the mean (Student's t, n - 1)
};

/// `values`: at least one value.
Sample summarize(const std::vector<double>& values);

}  // namespace mra
