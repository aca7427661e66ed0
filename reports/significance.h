#pragma once

#include <cstdint>
#include <vector>

namespace mra {

/// The error rate that every verdict allows itself, on either side.
constexpr double kAlpha = 0.05;

/// A difference that was estimated; its error over standard_error follows Student's t.
struct Difference {
  double value = 0;
  double standard_error = 0;
  double degrees = 0;  ///< of freedom
  /// The same for probabilities far below kAlpha, where `degrees` are chosen to fit there; 0: the
  /// same number.
  double tail_degrees = 0;
};

/// The estimate for p-values that are judged together, which must hold far below kAlpha.
Difference in_the_tail(Difference estimate);

/// Mean of `a` minus mean of `b`, each of at least two values. Welch's estimate; where a sample has
/// fewer than four values, the two spreads are taken to be equal, as so few cannot tell them apart
/// (Welch's test of two pairs would err in 2.9 % of cases where it claims 5 %).
Difference difference_of_means(const std::vector<double>& a, const std::vector<double>& b);
/// The same with a standard deviation that was measured over `runs` other runs, for samples of any
/// size.
Difference difference_of_means(const std::vector<double>& a, const std::vector<double>& b,
                               double sd, int64_t runs);

/// Mean of at least two `values` minus the value that one other run of the same kind gave: the
/// prediction interval is interval() of it.
Difference difference_to_one_run(const std::vector<double>& values, double other);
/// Mean of `values` minus the mean that others give with the standard deviation of their runs, of
/// which there were at least two.
Difference difference_to_summary(const std::vector<double>& values, double mean, double sd,
                                 int64_t runs);

struct Interval {
  double low = 0, high = 0;
};
/// The 95 % interval (Clopper and Pearson 1934) of a share that was found in `count` trials, in per
/// cent like `percent`.
Interval share_interval(double percent, int64_t count);

/// The interval whose two ends each are exceeded with probability kAlpha: a 90 % interval.
Interval interval(const Difference& estimate);

// Each gives the probability of an estimate at least so extreme if the truth were otherwise.
double p_above(const Difference& estimate, double bound);  ///< small: the truth is above `bound`
double p_below(const Difference& estimate, double bound);
/// Small: the truth lies within the range (two one-sided tests, Schuirmann 1987).
double p_inside(const Difference& estimate, Interval range);
/// Small: the truth lies outside the range.
double p_outside(const Difference& estimate, Interval range);

/// Holm's adjustment of p-values that are judged together, in their order.
std::vector<double> holm(const std::vector<double>& p_values);

}  // namespace mra
