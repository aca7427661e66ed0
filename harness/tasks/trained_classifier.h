#pragma once

#include <filesystem>

#include "harness/model/classifier.h"

namespace mra {

/// Loads a classifier from the weights of a run, in evaluation mode on the CPU. The model follows
/// from the file. Throws an Error when this program did not train it.
Classifier load_classifier(const std::filesystem::path& weights);

/// Copies trained weights, of this program or of others, into `model`. When the number of classes
/// differs, the last layer keeps its initial weights. Throws an Error that names the first tensors
/// that are missing or have another shape.
void start_from(ClassifierImpl& model, const std::filesystem::path& weights);

}  // namespace mra
