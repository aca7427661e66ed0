#include "harness/store/database_check.h"

#include <cstring>

#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>

#include "harness/spec/experiment.h"
#include "harness/spec/shallow_json.h"
#include "harness/store/spec_index.h"

namespace mra {

using SQLite::Statement;

static void check_pages(SQLite::Database& db, std::vector<std::string>& problems) {
  Statement whole(db, "PRAGMA integrity_check");
  while (whole.executeStep())
    if (whole.getColumn(0).getString() != "ok") problems.push_back(whole.getColumn(0).getString());
}

static void check_links(SQLite::Database& db, std::vector<std::string>& problems) {
  Statement links(db, "PRAGMA foreign_key_check");
  while (links.executeStep()) {
    std::string owners = links.getColumn(2).getString();
    owners.pop_back();  // "runs"
    problems.push_back(
        fmt::format("a row of {} belongs to no {}", links.getColumn(0).getString(), owners));
  }
}

/// Whether a row of specs holds what insert_spec() writes.
static bool is_whole(Statement& row) {
  const Json spec = parse_shallow(row.getColumn(1).getString());
  if (!spec.is_object() || experiment_key(spec) != row.getColumn(0).getString()) return false;
  const FlatSpec flat = flat_spec(spec);
  const SQLite::Column hashes = row.getColumn(2);
  const size_t bytes = flat.hashes.size() * sizeof(flat.hashes[0]);
  return size_t(hashes.getBytes()) == bytes &&
         std::memcmp(hashes.getBlob(), flat.hashes.data(), bytes) == 0 &&
         row.getColumn(3).getString() == shape_text(flat.pointers);
}

static void check_specs(SQLite::Database& db, std::vector<std::string>& problems) {
  Statement specs(db, "SELECT key, spec, hashes, pointers FROM specs JOIN shapes ON shape = id");
  while (specs.executeStep())
    if (!is_whole(specs))
      problems.push_back("the spec " + specs.getColumn(0).getString() + " was changed");
}

std::vector<std::string> problems_of(SQLite::Database& db) {
  std::vector<std::string> problems;
  check_pages(db, problems);
  if (!problems.empty()) return problems;  // rows of damaged pages cannot be trusted
  check_links(db, problems);
  check_specs(db, problems);
  return problems;
}

}  // namespace mra
