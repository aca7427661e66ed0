#pragma once

#include <array>
#include <map>
#include <string>

#include <torch/torch.h>

#include "harness/record/run_record.h"

namespace mra {

/// Sums Task::observed() over the steps of an epoch. The sums stay on the device, so that no step
/// has to wait for them.
class ObservedSums {
 public:
  using Sums = std::map<std::string, std::array<double, 2>>;

  /// `observed`: by name a tensor [2] of any type: a sum and the number of its terms.
  void add(const std::map<std::string, torch::Tensor>& observed);
  /// Returns the sums so far, to be saved and later restored.
  Sums sums() const;
  void restore(const Sums& sums, torch::Device device);
  /// Returns the means since the last call. A name without terms is left out.
  Metrics take_means();

 private:
  std::map<std::string, torch::Tensor> sums_;  ///< [2] f64
};

}  // namespace mra
