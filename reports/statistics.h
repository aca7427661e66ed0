#pragma once

#include <optional>
#include <vector>

namespace mra {

/// What values of independent runs say of their population, each in the unit of the values.
struct Sample {
  double mean = 0;
  std::optional<double> sd;    ///< of a sample (n - 1); nothing for a single value
  std::optional<double> ci95;  ///< half of the 95 % interval of the mean (Student's t, n - 1)
};

/// `values`: at least one.
Sample summarize(const std::vector<double>& values);

}  // namespace mra
