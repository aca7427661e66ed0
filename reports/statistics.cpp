#include "reports/statistics.h"

#include <cmath>

#include <boost/math/distributions/students_t.hpp>

namespace mra {

Sample summarize(const std::vector<double>& values) {
  Sample sample;
  const double count = double(values.size());
  for (const double value : values) sample.mean += value / count;
  if (values.size() < 2) return sample;
  double squares = 0;
  for (const double value : values) squares += (value - sample.mean) * (value - sample.mean);
  sample.sd = std::sqrt(squares / (count - 1));
  const boost::math::students_t distribution(count - 1);
  sample.ci95 = boost::math::quantile(distribution, 0.975) * *sample.sd / std::sqrt(count);
  return sample;
}

}  // namespace mra
