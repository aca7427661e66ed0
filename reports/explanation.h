#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "harness/spec/cell_place.h"
#include "harness/store/result_store.h"

namespace mra {

/// What explanation() needs beside the cells.
struct Explained {
  std::filesystem::path workspace;
  std::vector<int64_t> seeds;  ///< empty: those of the spec and all that are recorded
  /// Why an experiment cannot run here; empty: it can.
  std::function<std::string(const ExperimentSpec&)> unavailable;
};

/// The way from printed figures to what they rest on: {"table", "title", "row", "scale", "note",
/// "cells": [what the paper prints and whose figure that is, what was measured], "experiments":
/// [each value of the spec with the file that wrote it, the runs it starts from, its own runs with
/// seed, directory, environment, data set, curve ends]}.
Json explanation(const ResultStore& store, const CellPlace& place, const Explained& asked);

}  // namespace mra
