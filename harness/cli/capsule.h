#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/cli/capsule_file.h"
#include "harness/spec/library.h"
#include "harness/store/result_store.h"

namespace mra {

/// "0.1.0, commit 0123456789ab": this program, as capsules name it.
std::string program_text();

/// Everything that the tables at this scale are made from: the specs, claims and origins that they
/// read, and of each run that counts, and of those it starts from, all but weights, pictures, logs.
/// A run whose folder is gone is written from the database. The report pages are not among it.
Files sources_of(const std::vector<TableSpec>& tables, const SpecLibrary& library,
                 const std::filesystem::path& workspace, const ResultStore& store);

/// The pages that follow from the files of `capsule` alone: of each table in every format, and
/// "reports/claims.json". They are made in a temporary folder. What is damaged in a run directory
/// is added to `damaged`; that run then counts as absent.
Files reports_of(const Capsule& capsule, std::vector<std::string>& damaged);

/// Where two texts begin to differ: "line 12 has '…', made anew it has '…'"; empty: nowhere.
std::string first_difference(const std::string& kept, const std::string& anew);

/// One page of a capsule, against the same made anew.
struct ComparedReport {
  std::string name;        ///< "reports/table6.md"
  std::string difference;  ///< empty: the same bytes
};
std::vector<ComparedReport> compare_reports(const Files& kept, const Files& anew);

}  // namespace mra
