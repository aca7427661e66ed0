#include "harness/train/observed.h"

namespace mra {

void ObservedSums::add(const std::map<std::string, torch::Tensor>& observed) {
  const torch::NoGradGuard no_grad;
  for (const auto& [name, value] : observed) {
    torch::Tensor& sum = sums_[name];
    if (!sum.defined()) sum = torch::zeros({2}, value.options().dtype(torch::kFloat64));
    sum += value.detach();
  }
}

ObservedSums::Sums ObservedSums::sums() const {
  Sums sums;
  for (const auto& [name, sum] : sums_) {
    const torch::Tensor on_cpu = sum.cpu();
    sums[name] = {on_cpu[0].item<double>(), on_cpu[1].item<double>()};
  }
  return sums;
}

void ObservedSums::restore(const Sums& sums, torch::Device device) {
  for (const auto& [name, sum] : sums)
    sums_[name] = torch::tensor({sum[0], sum[1]}, torch::kFloat64).to(device);
}

Metrics ObservedSums::take_means() {
  Metrics means;
  for (const auto& [name, sum] : sums())
    if (sum[1] > 0) means[name] = sum[0] / sum[1];
  sums_.clear();
  return means;
}

}  // namespace mra
