#include <algorithm>

#include "harness/base/text.h"
#include "harness/store/variants.h"
#include "tests/cli/cli_fixture.h"

namespace mra {
namespace {

using Words = std::vector<std::string>;

class Completion : public RunCli {
 protected:
  /// What is offered for the last of `words`, without what it does.
  static Words offered(std::vector<const char*> words) {
    words.insert(words.begin(), {"harness", "complete"});
    ::testing::internal::CaptureStdout();
    EXPECT_EQ(run_cli(int(words.size()), words.data()), 0);
    Words lines = split(::testing::internal::GetCapturedStdout(), '\n');
    for (std::string& line : lines) line = line.substr(0, line.find('\t'));
    std::erase(lines, "");
    return lines;
  }
  static bool offers(const std::vector<const char*>& words, const std::string& word) {
    const Words found = offered(words);
    return std::find(found.begin(), found.end(), word) != found.end();
  }
};

TEST_F(Completion, OffersCommandsAndTheCommandsBelowThem) {
  EXPECT_EQ(offered({"expl"}), Words{"explain"});
  EXPECT_EQ(offered({"data", "ch"}), Words{"check"});
  EXPECT_FALSE(offers({""}, "complete")) << "it is for shells";
  EXPECT_EQ(offered({"data", "check", "imagenette9"}), Words{"imagenette96"});
}

TEST_F(Completion, OffersOptionsOfTheCommandAndCommonOnes) {
  EXPECT_TRUE(offers({"list", "--"}, "--state"));
  EXPECT_TRUE(offers({"list", "--"}, "--workspace"));
  EXPECT_FALSE(offers({"show", "--"}, "--state"));
}

TEST_F(Completion, LeavesFilesToTheShell) {
  for (const char* option : {"--augmentor", "--classifier", "--output"})
    EXPECT_EQ(offered({"masks", option, ""}), Words{}) << option;
  EXPECT_EQ(offered({"augment", "--weights="}), Words{});
  EXPECT_EQ(offered({"masks", ""}), Words{});
}

TEST_F(Completion, OffersRealTablesRowsAndValues) {
  EXPECT_TRUE(offers({"run", "tab"}, "table6"));
  EXPECT_EQ(offered({"list", "--state", "pa"}), Words{"partial"});
  EXPECT_EQ(offered({"list", "--scale", "=", "mi"}), Words{"mini"}) << "as bash splits";
  EXPECT_EQ(offered({"list", "--scale=mi"}), Words{"--scale=mini"}) << "as other shells do not";
  EXPECT_EQ(offered({"report", "--scale", "mini", "--format", "mark"}), Words{"markdown"});
  EXPECT_TRUE(offers({"--workspace", "run", "list", "table"}, "table6"))
      << "the value of an option is no command";
}

TEST_F(Completion, OffersRunsMethodsAndLabels) {
  const RunRecord record = finish_run("table6", "Mask Low", 0, 80);
  keep_variant(workspace(), "few epochs", {{"/recipe/epochs=2"}, {"table6"}});
  const std::string place = workspace(), run = record.key + "-s0";
  const char* workspace = place.c_str();
  for (const char* command : {"show", "compare", "logs", "rm", "explain"})
    EXPECT_EQ(offers({"--workspace", workspace, command, ""}, run),
              command != std::string("explain"))
        << command;
  EXPECT_EQ(offered({"--workspace", workspace, "report", "--as", "f"}), Words{"few epochs"});
  EXPECT_EQ(offered({"augment", "saliency"}), Words{"saliencymix"});
  EXPECT_TRUE(offers({"methods", ""}, "resnet50"));
}

TEST_F(Completion, SurvivesABrokenTable) {
  namespace fs = std::filesystem;
  const fs::path own = folder_.path() / "own";
  fs::create_directories(own / "tables");
  std::ofstream(own / "tables/broken.json") << "{";
  const std::string roots = HARNESS_SOURCE_DIR "/experiments:" + own.string();
  setenv("HARNESS_EXPERIMENTS", roots.c_str(), 1);
  EXPECT_TRUE(offers({"run", "--only", ""}, "Mask Low"));
  EXPECT_TRUE(offers({"explain", "table6/"}, "table6/Mask Low"));
  std::ofstream(own / "datasets.json") << "{";
  EXPECT_EQ(offered({"data", "check", ""}), Words{});
}

TEST_F(Completion, UnderstandsWhatIsQuoted) {
  EXPECT_TRUE(offers({"run", "--only", "Mask\\ L"}, "Mask Low"));
  EXPECT_TRUE(offers({"run", "--only", "\"Mask L"}, "Mask Low"));
  EXPECT_TRUE(offers({"explain", "table6/Mask"}, "table6/Mask Low"));
}

TEST_F(Completion, AnUnknownShellIsAnError) {
  EXPECT_EQ(harness({"completion", "basch"}).code, 2);
}

}  // namespace
}  // namespace mra
