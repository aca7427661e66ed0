#include "reports/measured_on.h"

#include <gtest/gtest.h>

#include "reports/renderers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_run.h"

namespace mra {
namespace {

/// A spec as the library resolves it. `kind`: of the data set.
Json spec_of(const std::string& network, int64_t epochs, const std::string& data = "toys",
             const std::string& kind = "folder") {
  return {{"scale", "smoke"},
          {"dataset", {{"name", data}, {"kind", "subset"}, {"of", {{"kind", kind}}}}},
          {"input", {{"size_px", 32}}},
          {"model", {{"name", network}, {"blocks", {1, 2}}, {"width", 16}}},
          {"recipe", {{"epochs", epochs}}}};
}

class MeasuredOnTest : public testing::Test {
 protected:
  MeasuredOnTest() {
    table.id = "table6";
    table.scale = "smoke";
  }
  /// A row with a cell for each spec; its experiments are planned for two seeds.
  void add_row(const std::string& label, const std::vector<Json>& specs) {
    TableRow row;
    row.label = label;
    for (const Json& spec : specs) {
      ExperimentSpec& experiment = row.experiments.emplace_back();
      experiment.resolved = spec;
      experiment.key = experiment_key(spec);
      experiment.seeds = {0, 1};
      row.cells.emplace_back().experiment = row.experiments.size() - 1;
    }
    table.rows.push_back(row);
    while (table.columns.size() < specs.size()) {
      table.columns.emplace_back().name = "c" + std::to_string(table.columns.size());
      table.columns.back().metric = "top1";
      table.columns.back().unit = "%";
    }
  }
  void record(const Json& spec, int64_t seed, const std::string& cpu = "Some CPU",
              double top1 = 50) {
    RunRecord record = tiny_record("x", seed, top1);
    record.spec = spec;
    record.key = experiment_key(spec);
    record.environment = {
        {"dataset", {{"name", "toys"}, {"train_pictures", 400}, {"val_pictures", 100}}},
        {"machine", {{"cpu", cpu}}},
        {"device", {{"kind", "cpu"}}}};
    store.ingest(record);
  }
  std::string measured() const { return text(make_report(table, store, {}).measured_on); }

  TempDir dir;
  ResultStore store{dir / "harness.db"};
  TableSpec table;
};

TEST_F(MeasuredOnTest, SaysDataPicturesSizeNetworkTrainingSeedsAndProcessor) {
  add_row("a", {spec_of("net", 12)});
  record(spec_of("net", 12), 0);
  record(spec_of("net", 12), 4);
  EXPECT_EQ(measured(),
            "Measured on toys (400 train, 100 val pictures; 32 px). Network: net (blocks 1+2, "
            "width 16). Training: 12 epochs. Seeds: 0, 4. Processor: Some CPU.");
}

TEST_F(MeasuredOnTest, DrawnPicturesAreCalledSo) {
  add_row("a", {spec_of("net", 1, "toys", "shapes")});
  record(spec_of("net", 1, "toys", "shapes"), 0);
  EXPECT_NE(measured().find("toys (drawn; 400 train"), std::string::npos) << measured();
  EXPECT_NE(measured().find("Training: 1 epoch."), std::string::npos) << measured();
}

TEST_F(MeasuredOnTest, TellsWhereRowsOrColumnsDiffer) {
  add_row("a", {spec_of("small", 12), spec_of("large", 12)});
  add_row("b", {spec_of("small", 30), spec_of("large", 30)});
  for (const char* network : {"small", "large"}) {
    record(spec_of(network, 12), 0);
    record(spec_of(network, 30), 0, "Other CPU");
  }
  const std::string text = measured();
  for (const char* words :
       {"Network: small (blocks 1+2, width 16) / large (blocks 1+2, width 16), "
        "by column.",
        "Training: 12 epochs / 30 epochs, by row.", "Processor: Some CPU / Other CPU, by row."})
    EXPECT_NE(text.find(words), std::string::npos) << text;
}

TEST_F(MeasuredOnTest, ManyDifferencesAreCounted) {
  for (int64_t epochs = 1; epochs <= 5; ++epochs) {
    add_row(std::to_string(epochs), {spec_of("net", epochs)});
    record(spec_of("net", epochs), 0);
  }
  EXPECT_NE(measured().find("Training: 1 epoch / 2 epochs / 3 epochs / 2 more, by row."),
            std::string::npos)
      << measured();
}

TEST_F(MeasuredOnTest, StepsAndEpisodesOfAnEpochAreNamed) {
  Json steps = spec_of("net", 25), episodes = spec_of("net", 30);
  steps["task_options"] = {{"steps_per_epoch", 40}};
  episodes["task_options"] = {{"episodes_per_epoch", 100}};
  add_row("a", {steps});
  add_row("b", {episodes});
  record(steps, 0);
  record(episodes, 0);
  EXPECT_NE(measured().find("25 epochs of 40 steps / 30 epochs of 100 episodes, by row"),
            std::string::npos)
      << measured();
}

TEST_F(MeasuredOnTest, OnlyWhatWasMeasuredCountsOnceAnythingIs) {
  add_row("a", {spec_of("net", 12)});
  add_row("b", {spec_of("other", 90)});
  EXPECT_EQ(measured(),
            "To be measured on toys (32 px). Network: net (blocks 1+2, width 16) / other (blocks "
            "1+2, width 16), by row. Training: 12 epochs / 90 epochs, by row. Seeds: 0, 1.");
  record(spec_of("net", 12), 0);
  EXPECT_EQ(measured().find("other"), std::string::npos);
  EXPECT_EQ(measured().find("90"), std::string::npos);
}

TEST_F(MeasuredOnTest, ATableThatNoRunFillsSaysNothing) {
  table.columns.emplace_back().name = "hours";
  TableRow& row = table.rows.emplace_back();
  row.label = "AutoAugment";
  row.cells.emplace_back().paper.emplace().value = 15000;
  EXPECT_EQ(measured(), "");
}

TEST_F(MeasuredOnTest, EveryFormatCarriesIt) {
  add_row("a", {spec_of("net", 12)});
  record(spec_of("net", 12), 0);
  const ReportTable report = make_report(table, store, {});
  for (const char* format : {"markdown", "latex", "csv", "json", "html"}) {
    const std::string printed = renderer(format).render({report});
    EXPECT_NE(printed.find("Measured on toys (400 train, 100 val pictures; 32 px)."),
              std::string::npos)
        << printed;
  }
}

}  // namespace
}  // namespace mra
