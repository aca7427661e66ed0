// Figures 3 and 4 as files of their own, from made-up measurements: byte for byte.
// HARNESS_UPDATE_EXPECTED=1 writes what is drawn now; look at the picture before it is kept.
#include <cmath>
#include <cstdlib>
#include <functional>

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/spec/library.h"
#include "reports/chart.h"
#include "reports/statistics.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

using Values = std::function<std::vector<double>(size_t row, size_t column)>;  // one a seed

/// The figure at the mini scale, measured so; without values a cell stays pending.
ReportTable figure(const std::string& id, const Values& values) {
  const TempDir dir;
  const ResultStore store(dir / "harness.db");
  const SpecLibrary library(fs::path(HARNESS_SOURCE_DIR) / "experiments");
  ReportTable table = make_report(library.table(id, "mini"), store, {});
  for (size_t r = 0; r < table.rows.size(); ++r)
    for (size_t c = 0; c < table.columns.size(); ++c) {
      ReportCell& cell = table.rows[r].cells[c];
      const std::vector<double> measured = values(r, c);
      cell.state = measured.empty() ? CellState::kPending : CellState::kDone;
      if (measured.empty()) continue;
      const Sample sample = summarize(measured);
      cell.measured.emplace().mean = sample.mean;
      cell.measured->sd = sample.sd;
      cell.measured->values = measured;
    }
  table.measured_on.planned = false;
  return table;
}

/// Ratios half done: three seeds, one seed, none.
ReportTable figure3() {
  return figure("figure3", [](size_t row, size_t) -> std::vector<double> {
    const double mean = 60.2 - 0.35 * std::pow(double(row) - 2, 2);
    if (row == 3 || row > 5) return {};
    if (row == 5) return {mean};
    return {mean - 0.5, mean, mean + 0.7};
  });
}

/// Errors that fall from guessing to what the whole picture gives; the last method is not run yet.
ReportTable figure4() {
  return figure("figure4", [](size_t row, size_t column) -> std::vector<double> {
    const double hole = double(column) / 8;
    const double mean = 90 - (58 + 2.5 * double(row)) * std::pow(hole, 1.2 + 0.25 * double(row));
    if (row == 4) return {};
    return {mean - 1, mean, mean + 1.5};
  });
}

void expect_file(const std::string& name, const std::string& drawn) {
  const fs::path path = fs::path(HARNESS_SOURCE_DIR) / "tests/reports/expected" / name;
  if (std::getenv("HARNESS_UPDATE_EXPECTED")) write_file_atomically(path, drawn);
  EXPECT_TRUE(drawn == read_file(path)) << path << ":\n" << drawn;
}

TEST(ExpectedChart, OfFigure3HalfMeasured) {
  expect_file("figure3.svg", chart_svg(figure3(), SvgUse::kAlone));
  expect_file("figure3.points.csv", chart_csv(figure3()));
}

TEST(ExpectedChart, OfFigure4) {
  expect_file("figure4.svg", chart_svg(figure4(), SvgUse::kAlone));
  expect_file("figure4.points.csv", chart_csv(figure4()));
}

}  // namespace
}  // namespace mra
