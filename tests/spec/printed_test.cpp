#include <map>

#include <gtest/gtest.h>

#include "harness/spec/library.h"

namespace mra {

namespace {

/// A row as the paper prints it: numbers of its columns from left to right.
struct Printed {
  const char* row;
  std::vector<double> values;
  std::vector<double> spreads = {};
};

// Typed from the paper, row by row.
const std::map<std::string, std::vector<Printed>> kPrinted = {
    {"table6",
     {{"Baseline", {76.31}},
      {"Mask Low", {77.87}},
      {"Mask High", {75.24}},
      {"Mask Random", {77.20}}}},
    {"table7", {{"100", {77.35}}, {"200", {77.87}}, {"800", {77.76}}}},
    {"table8",
     {{"Baseline", {76.31}}, {"Cutout", {77.07}}, {"MRA Mask", {77.46}}, {"MRA", {77.87}}}},
    {"table9",
     {{"MAE-Base", {12, 8, 768, 0.75, 111.7, 334, 77.50}},
      {"MAE-Large", {12, 8, 1024, 0.75, 329.2, 160, 77.63}},
      {"MAE-Mini 0.75", {4, 2, 480, 0.75, 15.5, 963, 77.08}},
      {"MAE-Mini 0.40", {4, 2, 480, 0.40, 15.5, 963, 77.87}}}},
};

/// What a row of the specs says the paper prints.
Printed printed_in(const TableRow& row) {
  Printed printed{row.label.c_str(), {}, {}};
  for (const TableCell& cell : row.cells) {
    if (!cell.paper || !cell.paper->value) continue;
    printed.values.push_back(*cell.paper->value);
    if (cell.paper->spread) printed.spreads.push_back(*cell.paper->spread);
  }
  return printed;
}

}  // namespace

TEST(PaperNumbers, StandInTheirCellsAtEveryScale) {
  const SpecLibrary library(std::string(HARNESS_SOURCE_DIR) + "/experiments");
  for (const std::string scale : {"smoke", "mini", "paper"}) {
    for (const auto& [id, rows] : kPrinted) {
      const TableSpec table = library.table(id, scale);
      ASSERT_EQ(table.rows.size(), rows.size()) << id;
      for (size_t i = 0; i < rows.size(); ++i) {
        EXPECT_EQ(table.rows[i].name(), rows[i].row) << id;
        EXPECT_EQ(printed_in(table.rows[i]).values, rows[i].values) << id << " " << rows[i].row;
        EXPECT_EQ(printed_in(table.rows[i]).spreads, rows[i].spreads) << id << " " << rows[i].row;
      }
    }
  }
}

}  // namespace mra
