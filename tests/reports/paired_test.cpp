#include "reports/paired.h"

#include <gtest/gtest.h>

#include "harness/spec/library.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_run.h"

namespace mra {
namespace {

/// A run of the experiment that fills the first column of a row, judged by these episodes.
RunRecord judged_run(const TableRow& row, const std::vector<double>& accuracies, int64_t seed) {
  const ExperimentSpec& experiment = row.experiments.at(*row.cells.at(0).experiment);
  RunRecord record = tiny_record("any", seed);
  record.spec = experiment.resolved;
  record.key = experiment.key;
  Judgement judgement = tiny_judgement();
  judgement.evaluator = "episodes";
  judgement.options = experiment.evaluate.at(0).options;
  judgement.metrics = {{"episodes/shot1_accuracy", 50}, {"episodes/shot1_accuracy_ci95", 1}};
  judgement.details = {{"shot1_accuracies", accuracies}};
  record.judgements = {judgement};
  return record;
}

class Paired : public testing::Test {
 protected:
  Paired()
      : store_(dir_ / "harness.db"),
        table_(SpecLibrary(std::filesystem::path(HARNESS_SOURCE_DIR) / "experiments")
                   .table("table5", "smoke")) {}
  const TableRow& row(const std::string& name) const {
    for (const TableRow& row : table_.rows)
      if (row.name() == name) return row;
    throw std::runtime_error("no row " + name);
  }
  void add(const std::string& name, const std::vector<double>& accuracies, int64_t seed = 0) {
    store_.ingest(judged_run(row(name), accuracies, seed));
  }
  std::optional<PairedDifference> of(const std::string& name) const {
    const ReportTable report = make_report(table_, store_, {});
    for (size_t i = 0; i < table_.rows.size(); ++i)
      if (table_.rows[i].name() == name && report.rows[i].cells[0].measured)
        return report.rows[i].cells[0].measured->paired;
    return std::nullopt;
  }

  TempDir dir_;
  ResultStore store_;
  TableSpec table_;
};

TEST_F(Paired, ComparesEpisodeByEpisodeOverTheSeedsOfBoth) {
  add("1-shot Baseline", {10, 50, 90});
  add("1-shot Baseline", {30, 30, 30}, 1);
  add("1-shot ProtoNet", {12, 54, 96});
  add("1-shot ProtoNet", {30, 34, 26}, 1);
  add("1-shot ProtoNet", {0, 0, 0}, 2);  // Baseline lacks this seed
  const auto paired = of("1-shot ProtoNet");
  ASSERT_TRUE(paired.has_value());
  EXPECT_EQ(paired->pairs, 6);
  EXPECT_EQ(paired->with, "Baseline");
  EXPECT_DOUBLE_EQ(paired->mean, 2);  // 2, 4, 6, 0, 4, -4
  EXPECT_NEAR(paired->ci95, 1.96 * std::sqrt((0 + 4 + 16 + 4 + 4 + 36) / 6.0 / 6.0), 1e-12);
  EXPECT_FALSE(of("1-shot Baseline").has_value()) << "it is what others are compared with";
}

TEST_F(Paired, NeedsTheSameNumberOfEpisodes) {
  add("1-shot Baseline", {10, 50, 90});
  add("1-shot ProtoNet", {12, 54});
  EXPECT_FALSE(of("1-shot ProtoNet").has_value());
  EXPECT_FALSE(of("1-shot MAML").has_value());
}

}  // namespace
}  // namespace mra
