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
    {"table1",
     {{"Baseline", {0, 76.31, 92.95}},
      {"AutoAugment", {15000, 77.63, 93.80}},
      {"Fast AutoAugment", {450, 77.60, 93.70}},
      {"RandAugment", {0, 77.60, 93.80}},
      {"Faster AutoAugment", {2.3, 76.50, 93.20}},
      {"DADA", {1.3, 77.50, 93.50}},
      {"Cutout", {0, 77.07, 93.34}},
      {"MRA", {140, 78.35, 93.93}},
      {"Mixup", {0, 77.42, 93.60}},
      {"CutMix", {0, 78.60, 94.08}},
      {"SaliencyMix", {280, 78.74, 94.24}},
      {"Puzzle Mix", {576, 78.76, 94.29}},
      {"MRA + CutMix", {140, 78.93, 94.24}}}},
    {"table2", {{"Supervised", {84.62, 85.41, 73.45}}, {"MRA", {85.52, 86.45, 76.21}}}},
    {"table3",
     {{"Instance-Balanced", {65.9, 37.5, 7.7, 44.4}},
      {"Instance-Balanced + MRA", {67.3, 39.9, 9.6, 46.3}},
      {"Class-Balanced", {61.8, 40.1, 15.5, 45.1}},
      {"Class-Balanced + MRA", {65.4, 41.1, 16.3, 47.1}}}},
    {"table4",
     {{"PiModel", {25.69, 44.87}},
      {"PseudoLabel", {25.32, 47.94}},
      {"VAT", {25.26, 43.58}},
      {"MeanTeacher", {28.28, 43.51}},
      {"MixMatch", {45.07, 65.48}},
      {"UDA", {62.58, 90.28}},
      {"FixMatch", {64.03, 90.19}},
      {"FixMatch + MRA", {67.61, 92.09}}}},
    {"table5",
     {{"1-shot MatchingNet", {52.91, 53.20}, {0.88, 0.78}},
      {"1-shot ProtoNet", {54.16, 53.90}, {0.82, 0.83}},
      {"1-shot MAML", {49.61, 51.46}, {0.92, 0.90}},
      {"1-shot RelationNet", {52.48, 51.74}, {0.86, 0.83}},
      {"1-shot Baseline", {51.75, 49.82}, {0.80, 0.73}},
      {"1-shot Baseline + CutMix", {53.10, 45.20}, {0.84, 0.79}},
      {"1-shot Baseline + MRA", {53.16, 51.95}, {0.80, 0.77}},
      {"5-shot MatchingNet", {68.88, 68.32}, {0.69, 0.66}},
      {"5-shot ProtoNet", {73.68, 74.65}, {0.65, 0.64}},
      {"5-shot MAML", {65.72, 65.90}, {0.77, 0.79}},
      {"5-shot RelationNet", {69.83, 69.61}, {0.68, 0.67}},
      {"5-shot Baseline", {74.27, 73.45}, {0.63, 0.65}},
      {"5-shot Baseline + CutMix", {76.60, 68.95}, {0.66, 0.79}},
      {"5-shot Baseline + MRA", {76.71, 75.07}, {0.60, 0.64}}}},
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

/// What a test does with one cell of the paper scale in which the paper prints something.
template <typename Act>
void for_each_printed(const std::vector<std::string>& ids, Act act) {
  const SpecLibrary library(std::string(HARNESS_SOURCE_DIR) + "/experiments");
  for (const std::string& id : ids) {
    const TableSpec table = library.table(id, "paper");
    for (const TableRow& row : table.rows)
      for (size_t i = 0; i < table.columns.size(); ++i)
        if (row.cells[i].paper) act(id + " " + row.name(), table.columns[i], *row.cells[i].paper);
  }
}

const std::vector<std::string> kResults = {"table1", "table2", "table3", "table4", "table5"};

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

TEST(PaperNumbers, HaveTheirColumnsDecimals) {
  for_each_printed(kResults, [](const std::string& row, const TableColumn& column, const auto&) {
    if (column.unit != "%") return;
    EXPECT_EQ(column.decimals, row.starts_with("table3") ? 1 : 2) << row;
  });
}

TEST(PaperNumbers, TellMethodsOfOnePictureFromMethodsOfTwo) {
  std::string ticks;
  for_each_printed({"table1"},
                   [&](const std::string&, const TableColumn& column, const auto& paper) {
                     if (column.kind == ColumnKind::kText) ticks += paper.text + " ";
                   });
  EXPECT_EQ(ticks, "yes yes yes yes yes yes yes yes no no no no no ");
}

TEST(PaperNumbers, AreTheAuthorsOwnOnlyInTheirRows) {
  std::vector<std::string> own;
  for_each_printed(kResults,
                   [&](const std::string& row, const TableColumn& column, const auto& paper) {
                     if (column.kind != ColumnKind::kMeasured || !paper.origin.empty()) return;
                     if (own.empty() || own.back() != row) own.push_back(row);
                   });
  EXPECT_EQ(own, (std::vector<std::string>{
                     "table1 MRA", "table1 MRA + CutMix", "table2 Supervised", "table2 MRA",
                     "table3 Instance-Balanced + MRA", "table3 Class-Balanced + MRA",
                     "table4 FixMatch + MRA", "table5 1-shot Baseline + CutMix",
                     "table5 1-shot Baseline + MRA", "table5 5-shot Baseline + CutMix",
                     "table5 5-shot Baseline + MRA"}));
}

TEST(PaperNumbers, DifferFromTheirOriginsInThreeCells) {
  std::vector<std::string> differing;
  for_each_printed(kResults,
                   [&](const std::string& row, const TableColumn& column, const auto& paper) {
                     if (paper.origin_value && paper.origin_value != paper.value)
                       differing.push_back(row + " " + column.title);
                     if (!paper.spread || !paper.origin_value) return;
                     EXPECT_EQ(paper.spread, paper.origin_spread) << row;
                   });
  EXPECT_EQ(differing,
            (std::vector<std::string>{"table1 Baseline Top-1", "table1 AutoAugment Top-1",
                                      "table4 PseudoLabel 250 Labels"}));
}

// Typed from the README of TorchSSL: mean and ± over three seeds.
TEST(PaperNumbers, OfTableFourLeftTheSpreadOfTheirOriginOut) {
  const std::vector<double> values = {25.69, 44.87, 25.32, 44.55, 25.26, 43.58, 28.28,
                                      43.51, 45.07, 65.48, 62.58, 90.28, 64.03, 90.19};
  const std::vector<double> spreads = {0.85, 1.50, 0.99, 2.43, 0.38, 1.97, 1.45,
                                       2.75, 0.96, 0.32, 8.44, 1.15, 4.14, 1.04};
  std::vector<double> origin_values, origin_spreads;
  for_each_printed({"table4"}, [&](const std::string& row, const TableColumn&, const auto& paper) {
    if (!paper.origin_value) return;
    origin_values.push_back(*paper.origin_value);
    origin_spreads.push_back(paper.origin_spread.value());
    EXPECT_EQ(paper.origin_runs, 3) << row;
  });
  EXPECT_EQ(origin_values, values);
  EXPECT_EQ(origin_spreads, spreads);
}

}  // namespace mra
