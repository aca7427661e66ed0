// `report all` of a workspace whose Table 6 is done at smoke scale, Table 8 half, the rest not:
// every format, byte for byte. HARNESS_UPDATE_EXPECTED=1 writes what is printed now; look at the
// difference before it is kept.
#include <algorithm>
#include <cstdlib>
#include <sstream>

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/spec/inherit.h"
#include "harness/spec/library.h"
#include "reports/renderers.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(HARNESS_SOURCE_DIR) / "tests/reports/expected";

/// Reports of all tables from the records of five real runs.
std::vector<ReportTable> reports() {
  const TempDir dir;
  ResultStore store(dir / "harness.db");
  for (const auto& entry : fs::directory_iterator(kFolder / "runs"))
    store.ingest(record_from_json(read_json_file(entry.path()), entry.path().string()));
  const SpecLibrary library(fs::path(HARNESS_SOURCE_DIR) / "experiments");
  ReportOptions options;
  options.with_records = true;
  options.claims = library.claims();
  std::vector<ReportTable> made;
  for (const std::string& id : library.table_ids()) {
    if (id == "controls") continue;  // not of the paper
    const TableSpec table = library.table(id, "smoke");
    if (!table.columns.empty()) made.push_back(make_report(table, store, options));
  }
  return made;
}

const std::vector<ReportTable>& all_reports() {
  static const std::vector<ReportTable> kReports = reports();
  return kReports;
}

/// "line 7: …, expected …", of the first line that differs.
std::string first_difference(const std::string& got, const std::string& expected) {
  std::istringstream left(got), right(expected);
  std::string one, other;
  for (int line = 1;; ++line) {
    const bool more_left = bool(std::getline(left, one));
    const bool more_right = bool(std::getline(right, other));
    if (!more_left && !more_right) return "nothing but line ends";
    if (one != other || more_left != more_right)
      return "line " + std::to_string(line) + ": " + one + "\nexpected: " + other;
  }
}

class ExpectedReport : public testing::TestWithParam<std::string> {};

TEST_P(ExpectedReport, IsPrintedByteForByte) {
  const Renderer& format = renderer(GetParam());
  const std::string printed = format.render(all_reports());
  const fs::path path = kFolder / (std::string("all.") + format.extension);
  if (std::getenv("HARNESS_UPDATE_EXPECTED")) write_file_atomically(path, printed);
  const std::string expected = read_file(path);
  EXPECT_TRUE(printed == expected) << path << ", " << first_difference(printed, expected);
}

INSTANTIATE_TEST_SUITE_P(Formats, ExpectedReport,
                         testing::Values("markdown", "latex", "csv", "json", "html"),
                         [](const auto& about) { return about.param; });

TEST(ExpectedReports, AreOfOneTableDoneAndOneHalfDone) {
  const auto progress = [](const std::string& id) {
    const auto found = std::find_if(all_reports().begin(), all_reports().end(),
                                    [&](const ReportTable& table) { return table.id == id; });
    return progress_text(count_cells(*found));
  };
  EXPECT_EQ(progress("table6"), "finished");
  EXPECT_EQ(progress("table8"), "2 of 4 cells measured");
}

}  // namespace
}  // namespace mra
