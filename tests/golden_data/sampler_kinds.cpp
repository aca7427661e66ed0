#include "tests/golden_data/sampler_kinds.h"

#include <algorithm>
#include <map>

#include "harness/data/sampler.h"

namespace mra {

static std::vector<int64_t> whole_numbers(const GoldenCase& golden, const std::string& name) {
  const GoldenTensor tensor = golden_tensor(golden.tensor(name));
  return {tensor.values.begin(), tensor.values.end()};
}

GoldenTensors class_balanced_sampling(const GoldenCase& golden) {
  const std::string sampler = golden.options.at("sampler");
  const auto counts = whole_numbers(golden, "class_counts");
  const std::vector<int64_t> shape{int64_t(counts.size())};
  if (sampler == "square_root" || sampler == "progressive") {
    const double last = golden.options.value("epochs", 2.0) - 1;
    const auto shares = class_shares(sampler, counts, golden.options.value("epoch", 0.0) / last);
    std::vector<double> of_picture;
    for (size_t c = 0; c < counts.size(); ++c) of_picture.push_back(shares[c] / double(counts[c]));
    return {{"class_probability", {shape, shares}}, {"per_image_probability", {shape, of_picture}}};
  }
  if (sampler != "instance" && sampler != "class") not_built("sampler " + sampler);
  std::vector<int64_t> labels;
  for (size_t c = 0; c < counts.size(); ++c) labels.insert(labels.end(), size_t(counts[c]), c);
  // As many draws as give each class its exact share.
  const int64_t per_visit = 4;
  const auto draws =
      sampler == "class" ? per_visit * int64_t(counts.size()) : int64_t(labels.size());
  const auto chosen = sampler == "class" ? class_aware(labels, per_visit, uint64_t(1))
                                         : shuffled(int64_t(labels.size()), 1);
  std::vector<double> of_class(counts.size()), of_picture;
  for (const Request& request : chosen->epoch(0, draws))
    of_class[size_t(labels[size_t(request.index)])] += 1.0 / double(draws);
  for (size_t c = 0; c < counts.size(); ++c) of_picture.push_back(of_class[c] / double(counts[c]));
  return {{"class_probability", {shape, of_class}}, {"per_image_probability", {shape, of_picture}}};
}

/// The orders that the reference program drew.
static Orders given_orders(const GoldenCase& golden, const std::vector<int64_t>& counts) {
  const auto classes = whole_numbers(golden, "class_orders");
  const auto pictures = whole_numbers(golden, "index_orders");
  const auto lengths = whole_numbers(golden, "index_order_lengths");
  return [=](int64_t list, int64_t pass) {
    const auto& all = list == 0 ? classes : pictures;
    const int64_t size = list == 0 ? int64_t(counts.size()) : counts[size_t(list - 1)];
    int64_t first = pass * size;
    for (int64_t c = 0; c + 1 < list; ++c) first += lengths[size_t(c)];
    return std::vector<int64_t>(all.begin() + first, all.begin() + first + size);
  };
}

GoldenTensors class_aware_sequence(const GoldenCase& golden) {
  const auto labels = whole_numbers(golden, "labels");
  std::vector<int64_t> counts(size_t(*std::max_element(labels.begin(), labels.end())) + 1);
  for (const int64_t label : labels) ++counts[size_t(label)];
  const int64_t draws = golden.options.at("draws");
  const auto sampler =
      class_aware(labels, golden.options.at("num_samples_cls"), given_orders(golden, counts));
  std::vector<double> indices, class_visits(counts.size()), sorted_visits;
  std::vector<double> visits(labels.size());
  for (const Request& request : sampler->epoch(0, draws)) {
    indices.push_back(double(request.index));
    ++class_visits[size_t(labels[size_t(request.index)])];
    ++visits[size_t(request.index)];
  }
  for (size_t c = 0; c < counts.size(); ++c) {
    const size_t first = sorted_visits.size();
    for (size_t i = 0; i < labels.size(); ++i)
      if (labels[i] == int64_t(c)) sorted_visits.push_back(visits[i]);
    std::sort(sorted_visits.begin() + long(first), sorted_visits.end());
  }
  return {{"indices", {{draws}, indices}},
          {"class_visits", {{int64_t(counts.size())}, class_visits}},
          {"image_visits_sorted_within_class", {{int64_t(labels.size())}, sorted_visits}}};
}

}  // namespace mra
