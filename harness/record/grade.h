#pragma once

#include <vector>

#include "harness/record/run_record.h"

namespace mra {

/// Whether repeating a run gives the same bits.
enum class Grade { kUnverified, kReplayed, kDiffers };
const char* name(Grade grade);  ///< "unverified", "replayed", "differs"

/// The evaluator name of the Judgement that `harness verify replay` writes, with the metrics
/// "replay/steps" and "replay/identical" (1 or 0).
constexpr const char* kReplay = "replay";

/// Returns `kDiffers` if any replay differed, `kUnverified` without replays, else `kReplayed`.
Grade grade_of_replays(const std::vector<bool>& identical);
Grade grade_of(const RunRecord& record);
/// Returns the grade of a figure computed from several runs: the worst of theirs, `kDiffers` first.
Grade worst(const std::vector<Grade>& grades);

}  // namespace mra
