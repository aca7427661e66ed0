#pragma once

#include "baselines/augment/mra.h"

namespace mra {

/// The augmentor of a run with "mra" in its batch transforms; an Error at `where` for other runs.
LoadedMra augmentor_of(const TaskContext& run, const std::string& where);

}  // namespace mra
