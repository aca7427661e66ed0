#pragma once

#include <cstdint>
#include <vector>

#include "reports/significance.h"

namespace mra {

/// How far one row lies above another over the same seeds and the same pictures.
///
/// The difference on one picture with one seed is taken as a mean, plus an effect of the seed, plus
/// an effect of the picture, plus a rest: analysis of variance of two crossed random factors. The
/// variance of the mean is then that of the paired t-test over seeds, plus the pictures' own. A
/// bootstrap over both is not used: with two seeds it errs in 13 of 100 cases where it claims 5.
/// The t-test over seeds alone is not used either: it takes the pictures for all there are, and
/// errs the oftener the more seeds there are.
struct PairedPictures {
  double difference = 0;        ///< mean over seeds and pictures, in percent
  double seed_variance = 0;     ///< of the difference of one seed
  double picture_variance = 0;  ///< of the mean, by the choice of pictures; more seeds keep it
  int64_t seeds = 0, pictures = 0;

  /// The estimate that so many seeds give, if difference and variances stay as they are.
  ///
  /// Its degrees of freedom are seeds - 1 where the seeds make all of the variance, and endless
  /// where the pictures do. Between, seeds - 1 is divided by a number that rises with the seeds'
  /// share of the estimated variance, evenly from 0 at 0.15 to 1 at 0.45 (two seeds), 0.9 (three)
  /// or 1 (more). Whatever the share truly is, verdicts then err in 4.3 to 5.2 of 100 cases, by
  /// integrals over normal effects; calibration_test.cpp draws pictures. Satterthwaite's
  /// approximation divides by the square of the share, and errs in up to 8.5 with two seeds and 6.2
  /// with three. In the tail the degrees are seeds - 1, which never err oftener than they say.
  Difference with_seeds(int64_t number) const;
};

/// `first`, `second`: for each seed, in the same order, which pictures each row got right. At least
/// two seeds and two pictures.
PairedPictures paired_pictures(const std::vector<std::vector<bool>>& first,
                               const std::vector<std::vector<bool>>& second);

/// McNemar's exact test of two trained models: the probability of pictures that change at least so
/// unequally if each were as likely to become wrong as to become right.
double mcnemar_p(int64_t right_to_wrong, int64_t wrong_to_right);

}  // namespace mra
