#pragma once

#include <cstdint>
#include <vector>

#include <torch/torch.h>

#include "harness/record/run_record.h"

namespace mra {

/// Shapes: N pictures, C classes.

/// Returns the rank of each picture's class among all classes; 0: it is the prediction. Classes
/// with a higher logit rank above it; so do those with an equal logit and a lower number. NaN ranks
/// above all, so a picture with NaN logits never counts as correct.
torch::Tensor label_rank(const torch::Tensor& logits,   // [N,C]
                         const torch::Tensor& labels);  // [N] i64 -> [N] i64

/// Top-1 and top-5 accuracy, summed batch by batch.
struct TopK {
  int64_t count = 0, correct1 = 0, correct5 = 0;

  void add(const torch::Tensor& logits, const torch::Tensor& labels);  // [N,C], [N] i64
  void add_ranks(const torch::Tensor& rank);                           // [N] i64, of label_rank()
  double top1_pct() const { return 100.0 * double(correct1) / double(count); }
  double top5_pct() const { return 100.0 * double(correct5) / double(count); }
  Metrics metrics() const { return {{"top1", top1_pct()}, {"top5", top5_pct()}}; }
};

double mean(const std::vector<double>& values);
/// Returns the standard deviation over n (not n−1).
double population_std(const std::vector<double>& values);

/// Returns half the width of the 95 % confidence interval of a mean over episodes: 1.96·std/√n.
double interval_half_width(const std::vector<double>& values);

/// Accuracy in percent, grouped by the number of training pictures of a class (long-tailed sets).
struct GroupAccuracy {
  double many = 0, medium = 0, few = 0;  ///< mean of the group's class accuracies; 0 if it is empty
  double all = 0;                        ///< over all pictures
  std::vector<double> of_class;          ///< of each class; 0 if it has no test picture
  std::vector<int64_t> group;            ///< of each class: 0 many, 1 medium, 2 few
};
/// Classes with more than `many_above` training pictures are "many", with fewer than `few_below`
/// "few", the others "medium". `train_counts`: training pictures of each class.
GroupAccuracy group_accuracy(const std::vector<int64_t>& predictions,
                             const std::vector<int64_t>& labels,
                             const std::vector<int64_t>& train_counts, int64_t many_above = 100,
                             int64_t few_below = 20);

/// Summary of a curve of accuracies. The tail is its last `tail` values, or all if there are fewer.
struct CurveSummary {
  double best = 0, last = 0, tail_mean = 0, tail_median = 0;
};
CurveSummary summarise_curve(const std::vector<double>& accuracy, size_t tail = 20);

/// Returns the position of the highest value; the last one among equals.
size_t best_index(const std::vector<double>& accuracy);

}  // namespace mra
