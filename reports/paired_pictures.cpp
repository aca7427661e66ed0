#include "reports/paired_pictures.h"

#include <algorithm>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>

namespace mra {

/// By what seeds - 1 degrees of freedom are divided; see PairedPictures::with_seeds().
static double divisor_of(double share, int64_t seeds) {
  constexpr double kNone = 1e-6, kFrom = 0.15, kToPerDegree = 0.45;
  const double to = std::min(kToPerDegree * double(seeds - 1), 1.0);
  return std::clamp((share - kFrom) / (to - kFrom), kNone, 1.0);
}

Difference PairedPictures::with_seeds(int64_t number) const {
  const double of_seeds = seed_variance / double(number);
  const double variance = of_seeds + picture_variance;
  const auto fewest = double(number - 1);
  const double share = variance > 0 ? of_seeds / variance : 1;
  return {difference, std::sqrt(variance), fewest / divisor_of(share, number), fewest};
}

PairedPictures paired_pictures(const std::vector<std::vector<bool>>& first,
                               const std::vector<std::vector<bool>>& second) {
  const size_t pictures = first.front().size();
  const auto n = double(first.size()), count = double(pictures);
  std::vector<int64_t> of_picture(pictures);  // sums over seeds of first minus second
  double total = 0, squares = 0, seed_squares = 0;
  for (size_t s = 0; s < first.size(); ++s) {
    int64_t sum = 0;
    for (size_t i = 0; i < pictures; ++i) {
      const int difference = int(first[s][i]) - int(second[s][i]);
      of_picture[i] += difference;
      sum += difference;
      squares += difference * difference;
    }
    total += double(sum);
    seed_squares += double(sum) * double(sum);
  }
  double picture_squares = 0;
  for (const int64_t sum : of_picture) picture_squares += double(sum * sum);
  const double centre = total * total / (n * count);
  const double between_seeds = std::max(0.0, seed_squares / count - centre);
  const double between_pictures = std::max(0.0, picture_squares / n - centre);
  const double rest = std::max(0.0, squares - centre - between_seeds - between_pictures);
  // Mean squares. A seed's sum is a whole number: no spread below that of rounding can be seen.
  constexpr double kOfRounding = 1.0 / 12;
  const double seed_mean = std::max(between_seeds / (n - 1), kOfRounding / count);
  const double picture_mean = between_pictures / (count - 1);
  const double rest_mean = rest / ((n - 1) * (count - 1));
  constexpr double kPercent = 100, kPercentSquared = kPercent * kPercent;
  return {kPercent * total / (n * count), kPercentSquared * seed_mean / count,
          kPercentSquared * std::max(0.0, picture_mean - rest_mean) / (n * count),
          int64_t(first.size()), int64_t(pictures)};
}

double mcnemar_p(int64_t right_to_wrong, int64_t wrong_to_right) {
  const boost::math::binomial_distribution<double> even(double(right_to_wrong + wrong_to_right),
                                                        0.5);
  return std::min(1.0,
                  2 * boost::math::cdf(even, double(std::min(right_to_wrong, wrong_to_right))));
}

}  // namespace mra
