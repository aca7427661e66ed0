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
struct PairedPictures {
  double difference = 0;        ///< mean over seeds and pictures, in percent
  double seed_variance = 0;     ///< of the difference of one seed
  double picture_variance = 0;  ///< of the mean, by the choice of pictures; more seeds keep it
  int64_t seeds = 0, pictures = 0;

  /// The estimate that so many seeds give, if difference and variances stay as they are. Degrees of
  /// freedom: seeds - 1, divided from three seeds on by the seeds' share of the variance. That is
  /// less than Satterthwaite's approximation gives, which errs in 6 of 100 cases with three seeds.
  /// With two seeds it errs far less often than it says, as the rest bounds the variance from
  /// below.
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
