#pragma once

#include <vector>

#include "harness/record/run_record.h"

namespace mra {

/// How far it has been checked that repeating a run gives the same bits.
enum class Grade { kUnverified, kReplayed, kDiffers };
const char* name(Grade grade);  ///< "unverified", "replayed", "differs"

/// The evaluator under which `harness verify replay` leaves what it found, a Judgement with the
/// metrics "replay/steps" and "replay/identical" (1 or 0).
constexpr const char* kReplay = "replay";

/// One replay that differed counts more than any number that did not.
Grade grade_of_replays(const std::vector<bool>& identical);
Grade grade_of(const RunRecord& record);
/// Of figures that rest on several runs: that of the worst, where `kDiffers` is the worst.
Grade worst(const std::vector<Grade>& grades);

}  // namespace mra
