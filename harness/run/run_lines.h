#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/store/result_store.h"

namespace mra {

/// What `harness runs` shows of a run.
struct RunLine {
  RunId id;
  std::string experiment, state, scale;  ///< scale: empty when nothing tells it
  std::optional<double> age_s;           ///< since the latest that is known of it
  int64_t bytes = 0;                     ///< of its folder
};

/// All runs of a workspace, those of --set too, sorted by key and seed.
std::vector<RunLine> run_lines(const std::filesystem::path& workspace, const ResultStore& store);

}  // namespace mra
