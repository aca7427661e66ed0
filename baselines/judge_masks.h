#pragma once

#include "baselines/augment/mra.h"

namespace mra {

/// The augmentor of a run whose batches go through "mra"; an Error at `where` for another run.
LoadedMra augmentor_of(const TaskContext& run, const std::string& where);

}  // namespace mra
