#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/spec/cell_place.h"
#include "harness/store/result_store.h"

namespace mra {

/// What explanation() needs in addition to the cells.
struct Explained {
  std::filesystem::path workspace;
  std::vector<int64_t> seeds;  ///< empty: those of the spec and all recorded ones
  /// Why an experiment cannot run here; empty: it can.
  std::function<std::string(const ExperimentSpec&)> unavailable;
};

/// Where the figures of cells come from: {"table", "title", "row", "scale", "note", "cells": [the
/// paper's figure and its source, what was measured], "experiments": [each value of the spec with
/// the file that gave it, the runs it starts from, its own runs with seed, directory, environment,
/// data set, curve ends]}.
Json explanation(const ResultStore& store, const CellPlace& place, const Explained& asked);

}  // namespace mra
