#pragma once

#include <filesystem>

#include "harness/model/classifier.h"

namespace mra {

/// The classifier that a run of this program trained, from its weights alone, in evaluation mode on
/// the CPU: the file says which model it is of. Another file is an Error.
Classifier load_classifier(const std::filesystem::path& weights);

/// Gives `model` the weights of a trained one of the same shape, of this program or of others.
/// Where the numbers of classes differ its last layer stays as it is, to be learnt anew. An Error
/// names the first tensors that are missing or misshapen.
void start_from(ClassifierImpl& model, const std::filesystem::path& weights);

}  // namespace mra
