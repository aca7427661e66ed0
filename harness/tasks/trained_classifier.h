#pragma once

#include <filesystem>

#include "harness/model/classifier.h"

namespace mra {

/// The classifier that a run of this program trained, from its weights alone, in evaluation mode on
/// the CPU: the file says which model it is of. Another file is an Error.
Classifier load_classifier(const std::filesystem::path& weights);

}  // namespace mra
