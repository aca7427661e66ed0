#include "harness/train/metrics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace mra {
namespace {

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const size_t half = values.size() / 2;
  return values.size() % 2 ? values[half] : 0.5 * (values[half - 1] + values[half]);
}

}  // namespace

torch::Tensor label_rank(const torch::Tensor& logits, const torch::Tensor& labels) {
  const torch::Tensor own = labels.unsqueeze(1);
  const torch::Tensor own_logit = logits.gather(1, own);
  const torch::Tensor classes = torch::arange(logits.size(1), labels.options());
  const torch::Tensor higher = logits.le(own_logit).logical_not();  // true for NaN too
  const torch::Tensor earlier = logits.eq(own_logit).logical_and(classes.lt(own));
  return higher.logical_or(earlier).sum(1);
}

void TopK::add(const torch::Tensor& logits, const torch::Tensor& labels) {
  add_ranks(label_rank(logits, labels));
}

void TopK::add_ranks(const torch::Tensor& rank) {
  count += rank.size(0);
  const torch::Tensor correct = torch::stack({rank.lt(1).sum(), rank.lt(5).sum()}).cpu();
  correct1 += correct[0].item<int64_t>();
  correct5 += correct[1].item<int64_t>();
}

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

double population_std(const std::vector<double>& values) {
  const double centre = mean(values);
  double squares = 0;
  for (const double value : values) squares += (value - centre) * (value - centre);
  return std::sqrt(squares / double(values.size()));
}

double interval_half_width(const std::vector<double>& values) {
  return 1.96 * population_std(values) / std::sqrt(double(values.size()));
}

GroupAccuracy group_accuracy(const std::vector<int64_t>& predictions,
                             const std::vector<int64_t>& labels,
                             const std::vector<int64_t>& train_counts, int64_t many_above,
                             int64_t few_below) {
  std::vector<int64_t> seen(train_counts.size()), right(train_counts.size());
  int64_t all_right = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    const auto label = size_t(labels[i]);
    const bool correct = predictions[i] == labels[i];
    seen[label] += 1;
    right[label] += correct;
    all_right += correct;
  }
  GroupAccuracy accuracy;
  std::array<std::vector<double>, 3> groups;
  for (size_t c = 0; c < train_counts.size(); ++c) {
    const int64_t group = train_counts[c] > many_above ? 0 : train_counts[c] < few_below ? 2 : 1;
    accuracy.group.push_back(group);
    accuracy.of_class.push_back(seen[c] == 0 ? 0 : 100.0 * double(right[c]) / double(seen[c]));
    // A class without test pictures has no accuracy.
    if (seen[c] > 0) groups[size_t(group)].push_back(accuracy.of_class.back());
  }
  const auto of_group = [](const std::vector<double>& group) {
    return group.empty() ? 0.0 : mean(group);
  };
  accuracy.many = of_group(groups[0]);
  accuracy.medium = of_group(groups[1]);
  accuracy.few = of_group(groups[2]);
  accuracy.all = 100.0 * double(all_right) / double(labels.size());
  return accuracy;
}

CurveSummary summarise_curve(const std::vector<double>& accuracy, size_t tail) {
  const auto length = std::ptrdiff_t(std::min(tail, accuracy.size()));
  const std::vector<double> last(accuracy.end() - length, accuracy.end());
  return {*std::max_element(accuracy.begin(), accuracy.end()), accuracy.back(), mean(last),
          median(last)};
}

size_t best_index(const std::vector<double>& accuracy) {
  size_t best = 0;
  for (size_t i = 1; i < accuracy.size(); ++i)
    if (accuracy[i] >= accuracy[best]) best = i;
  return best;
}

}  // namespace mra
