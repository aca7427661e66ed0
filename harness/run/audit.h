#pragma once

#include <filesystem>
#include <vector>

#include "harness/base/error.h"
#include "harness/store/result_store.h"

namespace mra {

/// What is wrong in a workspace, found without changing anything.
struct Audit {
  std::vector<Error> problems;  ///< each names the file, what is wrong, and how to fix it
  int64_t directories = 0;      ///< run directories that were checked
  int64_t rows_only = 0;        ///< runs in the database whose folder is gone; not a problem
};

/// Checks the database and every run directory: journals and traces are whole; specs, records and
/// judgements are readable and belong to their folder; weights and pictures have the recorded
/// hash; the database agrees with the records. `hash_weights`: false skips the hashes, for which
/// every byte is read. Run directories that a process has locked are skipped.
Audit audit(const std::filesystem::path& workspace, const ResultStore& store, bool hash_weights);

}  // namespace mra
