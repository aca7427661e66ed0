#pragma once

#include <filesystem>

#include "harness/model/classifier.h"
#include "harness/spec/experiment.h"

namespace mra {

/// The classifier of a run with its trained weights, in evaluation mode on the CPU. Weights of
/// another model are an Error that names what does not fit.
Classifier trained_classifier(const ExperimentSpec& spec, const std::filesystem::path& weights,
                              int64_t classes);

}  // namespace mra
