#include "harness/spec/open_choice.h"

#include <fstream>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "tests/support/temp_dir.h"

namespace mra {

namespace fs = std::filesystem;

static const fs::path kShipped = fs::path(HARNESS_SOURCE_DIR) / "experiments";

TEST(OpenChoices, AreReadWithTheirAlternatives) {
  const auto choices = open_choices(SpecLibrary(kShipped));
  EXPECT_GE(choices.size(), 20u);
  for (const OpenChoice& choice : choices) EXPECT_FALSE(choice.alternatives.empty()) << choice.id;
}

/// The message for a choice of one's own with `patch` merged in.
static std::string error_of(const char* patch) {
  Json choice = Json::parse(R"({
    "question": "how many epochs?", "place": "section 1", "tables": ["table6"], "default": "90",
    "reason": "usual", "alternatives": [ { "name": "five", "set": ["/recipe/epochs=5"] } ] })");
  choice.merge_patch(Json::parse(patch));
  const TempDir folder;
  std::ofstream(folder / "open_choices.json") << Json{{"epochs", choice}};
  try {
    open_choices(SpecLibrary(ExperimentFolders({kShipped, folder.path()})));
  } catch (const Error& error) {
    return error.what();
  }
  return "(no error)";
}

TEST(OpenChoices, MistakesAreToldWithTheirPlace) {
  EXPECT_EQ(error_of("{}"), "(no error)");
  const std::pair<const char*, const char*> mistakes[] = {
      {R"({"tables": ["table66"]})", "/epochs/tables: 'table66' is unknown"},
      {R"({"alternatives": [{"name": "none"}]})", "says not how it is run"},
      {R"({"alternatives": [{"name": "a", "needs": "x", "set": ["/a=1"]}]})", "or says it twice"},
      {R"({"alternatives": [{"name": "a", "needs": "x"}, {"name": "a", "needs": "y"}]})",
       "/epochs/alternatives/1/name: 'a' stands twice"},
      {R"({"reason": null})", "/epochs/reason: missing"}};
  for (const auto& [patch, message] : mistakes)
    EXPECT_NE(error_of(patch).find(message), std::string::npos) << error_of(patch);
}

}  // namespace mra
