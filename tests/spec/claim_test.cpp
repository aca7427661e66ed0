#include "harness/spec/claim.h"

#include <fstream>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/spec/library.h"
#include "tests/support/temp_dir.h"

namespace mra {

namespace fs = std::filesystem;

static Json small_claim() {
  return Json::parse(
      R"({"sentence": "low is superior with nearly 0.7% gain", "place": "section 4.5",
    "table": "table6", "columns": ["top1"], "kind": "gap", "rows": [["Mask Low", "Mask Random"]],
    "by": 0.7, "margin": {"value": 0.35, "source": "half of the claimed gap"}})");
}

/// The message for small_claim() with `patch` merged in: of reading it, or of looking it up.
static std::string error_of(const char* patch) {
  Json json = small_claim();
  json.merge_patch(Json::parse(patch));
  try {
    SpecLibrary(HARNESS_SOURCE_DIR "/experiments").check_claim(read_claim(json, "low", "c.json"));
  } catch (const Error& error) {
    return error.what();
  }
  return "(no error)";
}

TEST(Claims, AreThoseOfThePaperAndFindTheirRowsAtEveryScale) {
  const SpecLibrary library(HARNESS_SOURCE_DIR "/experiments");
  const auto claims = library.claims();
  EXPECT_GE(claims.size(), 20u);
  EXPECT_EQ(claims.front().table, "table1");
  EXPECT_EQ(claims.back().table, "figure4");
  for (const Claim& claim : claims) EXPECT_NO_THROW(library.check_claim(claim)) << claim.id;
}

TEST(Claims, CompareEachRowWithTheNextInEachColumnThatTheScaleHas) {
  const SpecLibrary library(HARNESS_SOURCE_DIR "/experiments");
  Json json = small_claim();
  json.merge_patch(Json::parse(R"({"kind": "order", "margin": null, "by": null,
                                   "rows": [["Mask Low", "Mask Random", "Baseline"]]})"));
  const TableSpec table = library.table("table6", "smoke");
  const auto found = comparisons_of(read_claim(json, "low", "c.json"), table);
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(table.rows[found[0].first].label, "Mask Low");
  EXPECT_EQ(table.rows[found[0].second].label, "Mask Random");
  EXPECT_EQ(table.rows[found[1].second].label, "Baseline");

  json.merge_patch(Json::parse(R"({"table": "figure4", "rows": [["MRA", "CutMix"]],
                                   "columns": ["mini_8", "smoke_4", "smoke_8"]})"));
  const Claim figure = read_claim(json, "f", "c.json");
  EXPECT_EQ(comparisons_of(figure, library.table("figure4", "smoke")).size(), 2u);
  EXPECT_EQ(comparisons_of(figure, library.table("figure4", "mini")).size(), 1u);
  EXPECT_EQ(comparisons_of(figure, library.table("figure4", "paper")).size(), 0u);
}

TEST(Claims, AMistakeIsToldWithItsPlaceAndCure) {
  const std::vector<std::pair<const char*, const char*>> mistakes = {
      {R"({"margin": null})", "c.json: /low/margin/value: missing"},
      {R"({"margin": {"source": null}})", "c.json: /low/margin/source: missing"},
      {R"({"margin": {"source": ""}})", "c.json: /low/margin/source: is empty"},
      {R"({"margin": {"value": 0}})", "c.json: /low/margin/value: is 0"},
      {R"({"by": null})", "c.json: /low/by: missing"},
      {R"({"kind": "order"})", "c.json: /low/margin: an order has no margin"},
      {R"({"kind": "gapp"})", "did you mean 'gap'?"},
      {R"({"sentense": "x"})", "did you mean 'sentence'?"},
      {R"({"rows": [["Mask Low"]]})", "c.json: /low/rows: expected pairs of row names"},
      {R"({"rows": [["Mask Low", "Mask Randm"]]})", "did you mean 'Mask Random'?"},
      {R"({"columns": ["top5"]})", "c.json: /low/columns: table6 has no column 'top5'"},
      {R"({"columns": []})", "c.json: /low/columns: names no column"},
      {R"({"table": "table66"})", "did you mean 'table6'?"},
      {R"({"borrowed": {"sd": 0.2, "runs": 1, "scale": "paper", "source": "s"}})",
       "c.json: /low/borrowed/runs: 1 is outside 2"},
      {R"({"borrowed": {"sd": 0.2, "runs": 3, "scale": "papper", "source": "s"}})",
       "did you mean 'paper'?"},
      {R"({"table": "table1", "columns": ["gpu_hours"], "rows": [["MRA", "DADA"]]})",
       "column 'gpu_hours' of table1 has only figures of the paper"}};
  for (const auto& [patch, part] : mistakes)
    EXPECT_NE(error_of(patch).find(part), std::string::npos) << patch << "\n" << error_of(patch);
  EXPECT_EQ(error_of(R"({"by": 0.5})"), "(no error)");
}

TEST(Claims, OfAUsersFolderAreAdded) {
  const TempDir folder;
  const auto write = [&](const std::string& id) {
    std::ofstream(folder.path() / "claims.json") << Json{{id, small_claim()}};
  };
  const std::vector<fs::path> roots = {HARNESS_SOURCE_DIR "/experiments", folder.path()};
  write("mine");
  const auto claims = SpecLibrary(ExperimentFolders(roots)).claims();
  const auto mine = std::find_if(claims.begin(), claims.end(),
                                 [](const Claim& claim) { return claim.id == "mine"; });
  ASSERT_NE(mine, claims.end());
  EXPECT_EQ(mine->where, (folder.path() / "claims.json").string() + ": /mine");
  write("t6-order");
  EXPECT_THROW(SpecLibrary(ExperimentFolders(roots)).claims(), Error);
}

}  // namespace mra
