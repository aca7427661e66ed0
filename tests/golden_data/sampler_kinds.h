#pragma once

#include "tests/support/golden.h"

namespace mra {

/// The share of each class, and of one of its pictures, among what a sampler draws.
GoldenTensors class_balanced_sampling(const GoldenCase& golden);

/// The pictures that a class-aware sampler takes with given orders, and how often each comes.
GoldenTensors class_aware_sequence(const GoldenCase& golden);

}  // namespace mra
