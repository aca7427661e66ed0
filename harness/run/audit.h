#pragma once

#include <filesystem>
#include <vector>

#include "harness/base/error.h"
#include "harness/store/result_store.h"

namespace mra {

/// What is wrong in a workspace, found without changing anything.
struct Audit {
  std::vector<Error> problems;  ///< each names the file, what is wrong with it, and the cure
  int64_t directories = 0;      ///< that were looked at
  int64_t rows_only = 0;        ///< runs of the database whose folder is gone: no problem
};

/// Looks at the database and at what results stand on in every run directory: journals and traces
/// are whole,
/// specs, records and judgements can be read and fit their folder, weights and pictures have the
/// hash of their record, and the database says the same. `hash_weights`: false skips the hashes,
/// which read every byte. The folders of runs that somebody works on are left out.
Audit audit(const std::filesystem::path& workspace, const ResultStore& store, bool hash_weights);

}  // namespace mra
