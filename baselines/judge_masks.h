#pragma once

#include "baselines/augment/mra.h"

namespace mra {

/// Returns the augmentor of a run that uses "mra". Throws an Error at `where` for other runs.
LoadedMra augmentor_of(const TaskContext& run, const std::string& where);

}  // namespace mra
