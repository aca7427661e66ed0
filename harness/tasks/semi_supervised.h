#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "harness/model/classifier.h"

namespace mra {

/// What one step of a semi-supervised method is fed, by name. Shapes: B labelled pictures, U
/// unlabelled ones, C classes.
///   "labelled" [B,3,H,W] f32 and "targets" [B,C], one-hot;
///   "weak", "weak2", "strong" [U,3,H,W] f32: views of the same U pictures, those that it asks for;
///   what its draw() adds.
using StepInputs = std::map<std::string, torch::Tensor>;

/// The network that learns. It is in training mode: statistics of the batch normalise.
class Student {
 public:
  explicit Student(ClassifierImpl& network) : network_(network) {}

  /// [N,3,H,W] -> [N,C] logits, at least f32; moves the running statistics.
  torch::Tensor operator()(const torch::Tensor& images) const;
  /// The same, and leaves the running statistics as they were.
  torch::Tensor frozen(const torch::Tensor& images) const;
  /// The same, without gradient: what others shall come near to.
  torch::Tensor target(const torch::Tensor& images) const;

 private:
  ClassifierImpl& network_;
};

/// What a method computes its loss from.
struct SemiSupervisedStep {
  const StepInputs& inputs;
  Student student;
  /// The student with averaged weights: [N,3,H,W] -> [N,C] logits, without gradient; leaves the
  /// running statistics as they were.
  std::function<torch::Tensor(const torch::Tensor&)> teacher;
  int64_t step = 0;   ///< from 0, over the whole training
  int64_t steps = 1;  ///< of the whole training

  const torch::Tensor& operator[](const std::string& name) const { return inputs.at(name); }
  /// Rises from 0 to 1 over the first `frac` of the training; 1 from the start when `frac` is 0.
  double ramp(double frac) const;
};

struct SemiSupervisedLoss {
  torch::Tensor total;                     ///< what is minimised
  torch::Tensor supervised, unsupervised;  ///< its two parts, before weight and ramp
  torch::Tensor used;                      ///< [U] bool: pictures that pass a threshold; or none
  torch::Tensor pseudo_labels;             ///< [U] i64, with `used`
  std::map<std::string, torch::Tensor> parts;  ///< what else a comparison may look at
};

/// A method: from labelled pictures, views of unlabelled ones, student and teacher to a loss.
struct SemiSupervisedMethod {
  std::vector<std::string> views;  ///< of each unlabelled picture: "weak", "weak2", "strong"
  std::function<SemiSupervisedLoss(const SemiSupervisedStep&)> loss;
  /// Adds to the inputs what else chance decides; may be empty.
  std::function<void(StepInputs& inputs, Rng& rng)> draw = {};
  bool needs_teacher = false;
  bool equal_batches = false;  ///< wants as many unlabelled pictures as labelled ones
};

}  // namespace mra
