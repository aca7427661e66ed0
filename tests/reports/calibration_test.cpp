#include <algorithm>
#include <cmath>
#include <functional>

#include <gtest/gtest.h>

#include "harness/base/rng.h"
#include "reports/paired_pictures.h"

// Do verdicts err as often as they say? 10,000 experiments whose truth is known, for each test,
// each truth (equal, apart by the margin, by twice of it) and 2 … 10 seeds.
namespace mra {
namespace {

constexpr int kExperiments = 10000;
constexpr double kMargin = 8;  ///< in standard deviations of a seed, so that 2 seeds can decide
constexpr double kPoint = 0.01;

using Values = std::vector<double>;
/// What an experiment estimates of a difference that is 0: of two rows of so many seeds.
using Estimator = std::function<Difference(Rng&, int seeds)>;

Values draw(Rng& rng, int count, double sd = 1) {
  Values values;
  for (int i = 0; i < count; ++i) values.push_back(sd * rng.normal());
  return values;
}

std::vector<Difference> simulate(const Estimator& estimator, int seeds, int experiments) {
  Rng rng({.seed = uint64_t(seeds)});
  std::vector<Difference> estimates;
  for (int i = 0; i < experiments; ++i) estimates.push_back(estimator(rng, seeds));
  return estimates;
}

/// A verdict's p-value, and how often it may be below kAlpha where the truth is 0, the margin and
/// twice of it: kAlpha on the edge of what it denies, almost never beyond; 1: that is right.
struct Question {
  const char* name;
  std::function<double(const Difference&)> p;
  std::vector<double> allowed;
};

std::vector<Question> questions(double margin) {
  const Interval same = {-margin, margin};
  return {
      {"above 0", [](const Difference& e) { return p_above(e, 0); }, {kAlpha, 1, 1}},
      {"below 0", [](const Difference& e) { return p_below(e, 0); }, {kAlpha, 0, 0}},
      {"above the margin", [=](const Difference& e) { return p_above(e, margin); }, {0, kAlpha, 1}},
      {"below the margin", [=](const Difference& e) { return p_below(e, margin); }, {1, kAlpha, 0}},
      {"the same", [=](const Difference& e) { return p_inside(e, same); }, {1, kAlpha, 0}},
      {"different", [=](const Difference& e) { return p_outside(e, same); }, {0, kAlpha, 1}}};
}

/// How often `question` is answered wrongly with yes.
double wrong_rate(const Question& question, size_t truth, std::vector<Difference> estimates,
                  double margin) {
  int said = 0;
  for (Difference& estimate : estimates) {
    estimate.value += double(truth) * margin;
    said += question.p(estimate) < kAlpha;
  }
  return said / double(estimates.size());
}

/// The largest miss of the rate of errors, in parts of 1, looked for until one is too large. With
/// `bound_only` above kAlpha alone: a margin that is small beside the spread blurs the truths.
double worst_miss(const Estimator& estimator, double margin = kMargin, bool bound_only = false,
                  int experiments = kExperiments) {
  double worst = 0;
  for (int seeds = 2; seeds <= 10 && worst < 3 * kPoint; ++seeds) {
    const auto estimates = simulate(estimator, seeds, experiments);
    for (const Question& question : questions(margin))
      for (size_t truth = 0; truth < 3; ++truth) {
        if (question.allowed[truth] == 1) continue;
        const double rate = wrong_rate(question, truth, estimates, margin);
        const double miss = bound_only ? rate - kAlpha : std::abs(rate - question.allowed[truth]);
        worst = std::max(worst, miss);
      }
  }
  return worst;
}

Difference of_two_rows(Rng& rng, int seeds) {
  return difference_of_means(draw(rng, seeds), draw(rng, seeds));
}

/// Two rows whose truth is the same, on 100 pictures. How likely a row gets a picture right depends
/// on both; a seed raises or lowers it for all pictures by N(0, seed_sd).
struct Pictures {
  double seed_sd = 0;
  double seen_alike = 0.5;  ///< share of the pictures that the rows find equally hard
};

using Right = std::vector<std::vector<bool>>;

std::pair<Right, Right> draw_right(Rng& rng, int seeds, const Pictures& truth) {
  constexpr int kPictures = 100;
  constexpr double kHard = 0.2, kEasy = 0.8;
  const auto hardness = [&] { return rng.next_u32() % 2 ? kHard : kEasy; };
  std::vector<double> chances[2];
  for (int i = 0; i < kPictures; ++i) {
    chances[0].push_back(hardness());
    chances[1].push_back(rng.uniform() < truth.seen_alike ? chances[0].back() : hardness());
  }
  Right rows[2];
  for (int row = 0; row < 2; ++row)
    for (int s = 0; s < seeds; ++s) {
      const double shift = truth.seed_sd * rng.normal();
      std::vector<bool>& right = rows[row].emplace_back();
      for (const double chance : chances[row])
        right.push_back(rng.next_u32() < 0x1p32 * std::clamp(chance + shift, 0.0, 1.0));
    }
  return {rows[0], rows[1]};
}

Estimator over_pictures(const Pictures& truth) {
  return [truth](Rng& rng, int seeds) {
    const auto [first, second] = draw_right(rng, seeds, truth);
    return paired_pictures(first, second).with_seeds(seeds);
  };
}

/// Far beyond what 100 pictures let a difference stray, in percent.
constexpr double kPictureMargin = 400;
/// From pictures alone to seeds almost alone.
const std::vector<Pictures> kTruths = {{0, 0}, {0.05, 0.3}, {0.1, 0}, {0, 1}, {0.1, 1}};

/// How often at least one of four such comparisons, judged together, is said to be above 0.
double rate_of_any(const Estimator& estimator, int seeds) {
  constexpr size_t kTogether = 4;
  const auto estimates = simulate(estimator, seeds, kExperiments);
  int any = 0;
  for (size_t first = 0; first < estimates.size(); first += kTogether) {
    Values p_values;
    for (size_t i = first; i < first + kTogether; ++i)
      p_values.push_back(p_above(in_the_tail(estimates[i]), 0));
    const Values adjusted = holm(p_values);
    any += *std::min_element(adjusted.begin(), adjusted.end()) < kAlpha;
  }
  return any * double(kTogether) / kExperiments;
}

}  // namespace

TEST(Calibration, PairsOverSeedsAndPicturesErrAsOftenAsTheySay) {
  for (const Pictures& truth : kTruths)
    EXPECT_LT(worst_miss(over_pictures(truth), kPictureMargin), kPoint)
        << truth.seed_sd << " " << truth.seen_alike;
}

TEST(Calibration, PairsThatAreJudgedTogetherErrNoOftenerThanOne) {
  for (const Pictures& truth : kTruths)
    for (const int seeds : {2, 3, 6})
      EXPECT_LT(rate_of_any(over_pictures(truth), seeds), kAlpha + kPoint)
          << truth.seed_sd << " " << truth.seen_alike << " " << seeds;
}

TEST(Calibration, TwoRowsOfSeeds) {
  EXPECT_LT(worst_miss(of_two_rows), kPoint);
}

TEST(Calibration, TwoRowsOfSeedsWhoseSpreadIsLargeBesideTheMargin) {
  for (const double margin : {0.5, 2.0}) EXPECT_LT(worst_miss(of_two_rows, margin, true), kPoint);
}

TEST(Calibration, RowsOfUnequalSpreadFromFourSeedsOn) {
  EXPECT_LT(worst_miss([](Rng& rng, int seeds) {
              const int more = std::max(seeds, 4);
              return difference_of_means(draw(rng, more, 2), draw(rng, more));
            }),
            kPoint);
}

TEST(Calibration, ASinglePublishedRun) {
  EXPECT_LT(worst_miss([](Rng& rng, int seeds) {
              return difference_to_one_run(draw(rng, seeds), rng.normal());
            }),
            kPoint);
}

TEST(Calibration, APublishedMeanOfThreeRuns) {
  EXPECT_LT(worst_miss([](Rng& rng, int seeds) {
              const Values theirs = draw(rng, 3);
              const double mean = (theirs[0] + theirs[1] + theirs[2]) / 3;
              double squares = 0;
              for (const double value : theirs) squares += (value - mean) * (value - mean);
              return difference_to_summary(draw(rng, seeds), mean, std::sqrt(squares / 2), 3);
            }),
            kPoint);
}

TEST(Calibration, SingleSeedsWithABorrowedSpread) {
  EXPECT_LT(worst_miss([](Rng& rng, int runs) {
              double squares = 0;  // of `runs` runs of others
              for (int i = 1; i < runs; ++i) squares += std::pow(rng.normal(), 2);
              return difference_of_means(draw(rng, 1), draw(rng, 1),
                                         std::sqrt(squares / (runs - 1)), runs);
            }),
            kPoint);
}

TEST(Calibration, SeveralComparisonsTogetherErrNoOftenerThanOne) {
  Rng rng({.seed = 3});
  int any = 0;
  for (int i = 0; i < kExperiments; ++i) {
    Values p_values;
    for (int k = 0; k < 4; ++k) p_values.push_back(p_above(of_two_rows(rng, 5), 0));
    for (const double p : holm(p_values))
      if (p < kAlpha) {
        ++any;
        break;
      }
  }
  EXPECT_NEAR(any / double(kExperiments), kAlpha, kPoint);
}

TEST(Calibration, ABrokenTestOfPairsIsFound) {
  EXPECT_GT(worst_miss(
                [](Rng& rng, int seeds) {  // one that decides less often than it could
                  return in_the_tail(over_pictures(kTruths.front())(rng, seeds));
                },
                kPictureMargin),
            kPoint);
  EXPECT_GT(rate_of_any(
                [](Rng& rng, int seeds) {  // degrees of the tail that fit at kAlpha alone
                  Difference estimate = over_pictures({0.1, 0.3})(rng, seeds);
                  estimate.tail_degrees = 0;
                  return estimate;
                },
                2),
            kAlpha + kPoint);
  EXPECT_GT(worst_miss(
                [](Rng& rng, int seeds) {  // the pictures taken for all there are
                  const auto [first, second] = draw_right(rng, seeds, kTruths.front());
                  PairedPictures paired = paired_pictures(first, second);
                  paired.picture_variance = 0;
                  return paired.with_seeds(seeds);
                },
                kPictureMargin, true),
            kPoint);
  EXPECT_GT(worst_miss(
                [](Rng& rng, int seeds) {  // each picture of each seed taken for one of its own
                  const auto [first, second] = draw_right(rng, seeds, kTruths.back());
                  std::vector<bool> ours, theirs;
                  for (const auto& right : first)
                    ours.insert(ours.end(), right.begin(), right.end());
                  for (const auto& right : second)
                    theirs.insert(theirs.end(), right.begin(), right.end());
                  double squares = 0;
                  for (size_t i = 0; i < ours.size(); ++i) squares += ours[i] != theirs[i];
                  Difference estimate = paired_pictures(first, second).with_seeds(seeds);
                  estimate.standard_error = 100 * std::sqrt(squares) / double(ours.size());
                  estimate.degrees = double(ours.size()) - 1;
                  return estimate;
                },
                kPictureMargin, true),
            kPoint);
}

// What a slip would do. Each must be seen.
TEST(Calibration, ABrokenTestIsFound) {
  EXPECT_GT(worst_miss([](Rng& rng, int seeds) {  // the normal distribution for Student's
              Difference estimate = of_two_rows(rng, seeds);
              estimate.degrees = 1e6;
              return estimate;
            }),
            kPoint);
  EXPECT_GT(worst_miss([](Rng& rng, int seeds) {  // the error of one row alone
              Difference estimate = of_two_rows(rng, seeds);
              estimate.standard_error /= std::sqrt(2.0);
              return estimate;
            }),
            kPoint);
  EXPECT_GT(worst_miss([](Rng& rng, int seeds) {  // the mean of others taken as exact
              const Values values = draw(rng, seeds);
              Difference estimate = difference_to_one_run(values, rng.normal());
              estimate.standard_error /= std::sqrt(double(seeds) + 1);
              return estimate;
            }),
            kPoint);
  EXPECT_GT(worst_miss([](Rng& rng, int seeds) {  // variance over n, not over n - 1
              Difference estimate = of_two_rows(rng, seeds);
              estimate.standard_error *= std::sqrt(1 - 1.0 / seeds);
              return estimate;
            }),
            kPoint);
}

}  // namespace mra
