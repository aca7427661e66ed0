#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/base/rng.h"
#include "harness/model/classifier.h"

namespace mra {

/// The inputs of one step of a semi-supervised method, by name. Shapes: B labelled pictures, U
/// unlabelled ones, C classes.
///   "labelled" [B,3,H,W] f32 and "targets" [B,C], one-hot;
///   "weak", "weak2", "strong" [U,3,H,W] f32: the views of U pictures that the method asks for;
///   what its draw() adds.
using StepInputs = std::map<std::string, torch::Tensor>;

/// The network that is trained, in training mode: batch norms use the statistics of the batch.
class Student {
 public:
  explicit Student(ClassifierImpl& network) : network_(network) {}

  /// [N,3,H,W] -> [N,C] logits, at least f32. Updates the running statistics.
  torch::Tensor operator()(const torch::Tensor& images) const;
  /// The same without changing the running statistics.
  torch::Tensor frozen(const torch::Tensor& images) const;
  /// The same as frozen(), without gradients: to compute targets.
  torch::Tensor target(const torch::Tensor& images) const;

 private:
  ClassifierImpl& network_;
};

/// What a method computes its loss from.
struct SemiSupervisedStep {
  const StepInputs& inputs;
  Student student;
  /// The student with averaged weights: [N,3,H,W] -> [N,C] logits, without gradients. Does not
  /// change the running statistics.
  std::function<torch::Tensor(const torch::Tensor&)> teacher;
  int64_t step = 0;   ///< from 0, over the whole training
  int64_t steps = 1;  ///< of the whole training

  const torch::Tensor& operator[](const std::string& name) const { return inputs.at(name); }
  /// Rises from 0 to 1 over the first `frac` of the training; always 1 when `frac` is 0.
  double ramp(double frac) const;
};

struct SemiSupervisedLoss {
  torch::Tensor total;                     ///< the loss to minimise
  torch::Tensor supervised, unsupervised;  ///< its parts, before weight and ramp
  torch::Tensor used;                      ///< [U] bool: pictures above a threshold; or undefined
  torch::Tensor pseudo_labels;             ///< [U] i64, if `used` is defined
  std::map<std::string, torch::Tensor> parts;  ///< other values, for comparisons in tests
};

/// A semi-supervised method: a loss, and what it needs.
struct SemiSupervisedMethod {
  std::vector<std::string> views;  ///< for each unlabelled picture: "weak", "weak2", "strong"
  std::function<SemiSupervisedLoss(const SemiSupervisedStep&)> loss;
  /// Adds the other random values of a step to its inputs; may be empty.
  std::function<void(StepInputs& inputs, Rng& rng)> draw = {};
  bool needs_teacher = false;
  bool equal_batches = false;  ///< needs equally many labelled and unlabelled pictures
};

}  // namespace mra
