#include <set>

#include <gtest/gtest.h>

#include "harness/spec/catalog_names.h"
#include "harness/spec/library.h"

namespace mra {

static const char* const kScales[] = {"smoke", "mini", "paper"};

static const SpecLibrary& library() {
  static const SpecLibrary library(std::string(HARNESS_SOURCE_DIR) + "/experiments");
  return library;
}

/// Key of the runs that fill a cell.
static std::string key(const std::string& id, const std::string& scale, const std::string& row,
                       const std::string& column = "top1") {
  const TableSpec table = library().table(id, scale);
  for (const TableRow& candidate : table.rows) {
    if (candidate.name() != row) continue;
    for (size_t i = 0; i < table.columns.size(); ++i)
      if (table.columns[i].name == column && candidate.cells[i].experiment)
        return candidate.experiments[*candidate.cells[i].experiment].key;
  }
  ADD_FAILURE() << id << " has no cell " << row << ", " << column;
  return "";
}

/// What a test does with one cell.
template <typename Act>
static void for_each_cell(const std::vector<std::string>& ids, const std::string& scale, Act act) {
  for (const std::string& id : ids) {
    const TableSpec table = library().table(id, scale);
    for (const TableRow& row : table.rows)
      for (size_t i = 0; i < table.columns.size(); ++i) act(table, row, i);
  }
}

TEST(SharedRuns, AblationsHaveFifteenAccuraciesOfElevenTrainings) {
  size_t accuracies = 0;
  std::set<std::string> trainings;
  for_each_cell({"table6", "table7", "table8", "table9"}, "paper",
                [&](const TableSpec& table, const TableRow& row, size_t i) {
                  if (table.columns[i].metric != "top1") return;
                  ++accuracies;
                  trainings.insert(row.experiments[row.cells[i].experiment.value()].key);
                });
  EXPECT_EQ(accuracies, 15u);
  EXPECT_EQ(trainings.size(), 11u);
}

TEST(SharedRuns, TheDefaultAugmentationIsOneRunWhereverItStands) {
  for (const std::string scale : kScales) {
    const std::string low = key("table6", scale, "Mask Low");
    EXPECT_EQ(key("table7", scale, "200"), low) << scale;
    EXPECT_EQ(key("table8", scale, "MRA"), low) << scale;
    EXPECT_EQ(key("table9", scale, "MAE-Mini 0.40"), low) << scale;
    EXPECT_EQ(key("table9", scale, "MAE-Mini 0.40", "speed"), low) << scale;
    EXPECT_EQ(key("figure3", scale, "0.4"), low) << scale;
    EXPECT_EQ(key("figure3", scale, "0.75"), key("table9", scale, "MAE-Mini 0.75")) << scale;
    EXPECT_EQ(key("table8", scale, "Baseline"), key("table6", scale, "Baseline")) << scale;
  }
}

TEST(SharedRuns, SmallerScalesTrainTheRowsOfTableOneAndTheAblationsOnce) {
  for (const std::string scale : {"smoke", "mini"}) {
    EXPECT_EQ(key("table1", scale, "Baseline"), key("table6", scale, "Baseline"));
    EXPECT_EQ(key("table1", scale, "MRA"), key("table6", scale, "Mask Low"));
    EXPECT_EQ(key("table1", scale, "Cutout"), key("table8", scale, "Cutout"));
  }
  // The paper trains them for 300 and for 90 epochs.
  EXPECT_NE(key("table1", "paper", "Baseline"), key("table6", "paper", "Baseline"));
}

TEST(SharedRuns, FiguresJudgeTheClassifiersOfTheTables) {
  for (const std::string scale : kScales) {
    for (const char* row : {"Baseline", "MRA", "CutMix", "Cutout", "Mixup"})
      EXPECT_EQ(key("figure4", scale, row, scale + "_0"), key("table1", scale, row)) << row;
    for (const char* row : {"Mask Low", "Mask High", "Mask Random"})
      EXPECT_EQ(key("figure2", scale, row, "position"), key("table6", scale, row)) << row;
  }
}

TEST(SharedRuns, FineTuningStartsFromTheBaselineOfTableSixAtSmallerScales) {
  for (const std::string scale : {"smoke", "mini"})
    for (const TableRow& row : library().table("table2", scale).rows)
      for (const ExperimentSpec& experiment : row.experiments) {
        std::set<std::string> starts;
        for (const Dependency& from : experiment.dependencies) starts.insert(from.key);
        EXPECT_TRUE(starts.contains(key("table6", scale, "Baseline"))) << experiment.name;
      }
}

TEST(SharedRuns, OccludedPicturesComeInTheStepsOfTheColumns) {
  for (const std::string scale : kScales) {
    const TableSpec table = library().table("figure4", scale);
    const Json& options = table.rows[0].experiments[0].evaluate.at(1).options;
    for (size_t i = 0; i < table.columns.size(); ++i)
      EXPECT_EQ(std::stoll(table.columns[i].title), int64_t(i) * options["step_px"].get<int64_t>());
    EXPECT_EQ(std::stoll(table.columns.back().title),
              table.rows[0].experiments[0].input["size_px"].get<int64_t>());
  }
}

TEST(SharedRuns, OneTrainingOnTheBaseClassesServesBothNumbersOfShots) {
  for (const std::string scale : kScales) {
    for (const char* row : {"Baseline", "Baseline + CutMix", "Baseline + MRA"})
      EXPECT_EQ(key("table5", scale, std::string("1-shot ") + row, "r18"),
                key("table5", scale, std::string("5-shot ") + row, "r18"));
    EXPECT_NE(key("table5", scale, "1-shot ProtoNet", "r18"),
              key("table5", scale, "5-shot ProtoNet", "r18"));
    EXPECT_NE(key("table5", scale, "1-shot Baseline", "r18"),
              key("table5", scale, "1-shot Baseline", "r34"));
  }
}

TEST(SharedRuns, PseudoLabelsOverTimeAreThoseOfTable4) {
  for (const std::string scale : kScales)
    for (const std::string labels : {"40", "250"})
      for (const std::string row : {"FixMatch", "FixMatch + MRA"})
        for (const char* what : {": used", ": right"})
          EXPECT_EQ(key("study4_" + labels, scale, row + what, "at_4"),
                    key("table4", scale, row, "l" + labels));
}

TEST(SharedRuns, TablesOfOneToNineAndFiguresOfTwoToFourAreDeclared) {
  EXPECT_EQ(library().table_ids(),
            (std::vector<std::string>{"table1", "table2", "table3", "table4", "table5", "table6",
                                      "table7", "table8", "table9", "controls", "figure2",
                                      "figure3", "figure4", "study2", "study4_250", "study4_40"}));
}

TEST(SharedRuns, RecordedRunsKeepTheirKeys) {
  EXPECT_EQ(key("table6", "mini", "Baseline"), "fcaa61e207dcfc12");
  EXPECT_EQ(key("table6", "mini", "Mask Low"), "f08943fad14c9dc0");
  EXPECT_EQ(key("table6", "mini", "Mask High"), "5d07711d2579fa23");
  EXPECT_EQ(key("table6", "mini", "Mask Random"), "e349084ae94d5dc3");
  EXPECT_EQ(library().experiment("pretrain/mae_mini_r40", "mini").key, "8e1f488d5f241ffd");
}

TEST(SharedRuns, EveryTableAndFigureResolvesAtEveryScale) {
  for (const std::string scale : kScales)
    for (const std::string& id : library().table_ids())
      EXPECT_FALSE(library().table(id, scale).rows.empty()) << id;
}

TEST(SharedRuns, EveryMeasuredCellHasAnExperiment) {
  for (const std::string scale : kScales)
    for_each_cell(library().table_ids(), scale,
                  [](const TableSpec& table, const TableRow& row, size_t i) {
                    const bool run = !table.columns[i].metric.empty();
                    EXPECT_EQ(row.cells[i].experiment.has_value(), run) << table.id << row.name();
                  });
}

TEST(SharedRuns, StructureFollowsFromTheAugmentor) {
  std::vector<double> parameters_m, blocks;
  for_each_cell({"table9"}, "paper", [&](const TableSpec& table, const TableRow& row, size_t i) {
    if (table.columns[i].name == "parameters")
      parameters_m.push_back(row.cells[i].structural.value());
    if (table.columns[i].name == "encoder") blocks.push_back(row.cells[i].structural.value());
  });
  EXPECT_EQ(parameters_m, (std::vector<double>{111.65568, 329.239296, 15.485184, 15.485184}));
  EXPECT_EQ(blocks, (std::vector<double>{12, 24, 4, 4}));  // the paper prints 12 for MAE-Large
}

}  // namespace mra
