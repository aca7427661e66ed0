#include "reports/significance.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace mra {

namespace {

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

/// Sample variance (n - 1).
double variance_of(const std::vector<double>& values) {
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return squares / double(values.size() - 1);
}

/// A sample, or what others print of theirs.
struct Summary {
  double mean = 0, variance = 0, runs = 0;
  double of_mean() const { return variance / runs; }
};

Summary summary_of(const std::vector<double>& values) {
  return {mean_of(values), variance_of(values), double(values.size())};
}

/// The degrees of freedom of a sum of two variances, after Welch and Satterthwaite.
double degrees_of(double a, double a_degrees, double b, double b_degrees) {
  const double squares = a * a / a_degrees + b * b / b_degrees;
  return squares > 0 ? (a + b) * (a + b) / squares : a_degrees + b_degrees;
}

Difference difference_of(const Summary& a, const Summary& b) {
  const double value = a.mean - b.mean;
  if (std::min(a.runs, b.runs) >= 4)
    return {value, std::sqrt(a.of_mean() + b.of_mean()),
            degrees_of(a.of_mean(), a.runs - 1, b.of_mean(), b.runs - 1)};
  const double degrees = a.runs + b.runs - 2;
  const double pooled = (a.variance * (a.runs - 1) + b.variance * (b.runs - 1)) / degrees;
  return {value, std::sqrt(pooled * (1 / a.runs + 1 / b.runs)), degrees};
}

/// Double precision is enough, and ten times as fast as Boost's default.
using StudentsT = boost::math::students_t_distribution<
    double, boost::math::policies::policy<boost::math::policies::promote_double<false>>>;

/// The chance that Student's t is above `t`.
double above(double t, double degrees) {
  return boost::math::cdf(boost::math::complement(StudentsT(degrees), t));
}

/// (value - bound) in standard errors; infinite where there is no error.
double distance(double difference, double standard_error) {
  if (standard_error > 0) return difference / standard_error;
  return difference == 0 ? 0 : std::copysign(INFINITY, difference);
}

}  // namespace

Difference difference_of_means(const std::vector<double>& a, const std::vector<double>& b) {
  return difference_of(summary_of(a), summary_of(b));
}

Difference difference_of_means(const std::vector<double>& a, const std::vector<double>& b,
                               double sd, int64_t runs) {
  return {mean_of(a) - mean_of(b), sd * std::sqrt(1 / double(a.size()) + 1 / double(b.size())),
          double(runs - 1)};
}

Difference in_the_tail(Difference estimate) {
  if (estimate.tail_degrees > 0) estimate.degrees = estimate.tail_degrees;
  return estimate;
}

Difference difference_to_one_run(const std::vector<double>& values, double other) {
  const auto n = double(values.size());
  return {mean_of(values) - other, std::sqrt(variance_of(values) * (1 + 1 / n)), n - 1};
}

Difference difference_to_summary(const std::vector<double>& values, double mean, double sd,
                                 int64_t runs) {
  return difference_of(summary_of(values), {mean, sd * sd, double(runs)});
}

Interval share_interval(double percent, int64_t count) {
  using Binomial = boost::math::binomial_distribution<double>;
  const auto trials = double(count), hits = std::round(percent / 100 * trials);
  return {100 * Binomial::find_lower_bound_on_p(trials, hits, 0.025),
          100 * Binomial::find_upper_bound_on_p(trials, hits, 0.025)};
}

Interval interval(const Difference& estimate) {
  const double steps = boost::math::quantile(StudentsT(estimate.degrees), 1 - kAlpha);
  const double half = steps * estimate.standard_error;
  return {estimate.value - half, estimate.value + half};
}

double p_above(const Difference& estimate, double bound) {
  return above(distance(estimate.value - bound, estimate.standard_error), estimate.degrees);
}

double p_below(const Difference& estimate, double bound) {
  return above(distance(bound - estimate.value, estimate.standard_error), estimate.degrees);
}

double p_inside(const Difference& estimate, Interval range) {
  return std::max(p_above(estimate, range.low), p_below(estimate, range.high));
}

double p_outside(const Difference& estimate, Interval range) {
  const double margin = (range.high - range.low) / 2;
  const double off = std::abs(estimate.value - (range.low + range.high) / 2);
  const auto beyond = [&](double bound) {
    return above(distance(bound, estimate.standard_error), estimate.degrees);
  };
  return std::min(1.0, beyond(off - margin) + beyond(off + margin));
}

std::vector<double> holm(const std::vector<double>& p_values) {
  std::vector<size_t> order(p_values.size());
  std::iota(order.begin(), order.end(), size_t(0));
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return p_values[a] < p_values[b]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0;
  for (size_t rank = 0; rank < order.size(); ++rank) {
    largest = std::max(largest, p_values[order[rank]] * double(order.size() - rank));
    adjusted[order[rank]] = std::min(1.0, largest);
  }
  return adjusted;
}

}  // namespace mra
