#include "harness/cli/completion.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include <fmt/format.h>

#include "harness/cli/arguments.h"
#include "tests/cli/cli_fixture.h"

namespace mra {
namespace {

/// What a shell command prints; its messages too.
std::string printed_by(const std::string& command) {
  std::string text;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  std::array<char, 4096> buffer;
  for (size_t count; (count = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    text.append(buffer.data(), count);
  return pclose(pipe) == 0 ? text : "failed: " + text;
}

class Completion : public RunCli {
 protected:
  Completion() { std::ofstream(script_) << harness({"completion", "bash"}).out; }

  /// What bash offers for the last of `words`, one a line.
  std::vector<std::string> offered(const std::vector<std::string>& words) {
    std::ofstream test(folder_ / "test");
    test << "source " << script_ << "\nCOMP_WORDS=(harness";
    for (const std::string& word : words) test << " " << shell_quoted(word);
    test << ")\nCOMP_CWORD=" << words.size() << "\n_harness\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n";
    test.close();
    return split(printed_by("bash " + (folder_ / "test").string()), '\n');
  }
  bool offers(const std::vector<std::string>& words, const std::string& word) {
    const auto found = offered(words);
    return std::find(found.begin(), found.end(), word) != found.end();
  }

  const std::string script_ = folder_ / "script";
};

using Words = std::vector<std::string>;

TEST_F(Completion, BashAcceptsTheScript) {
  EXPECT_EQ(printed_by("bash -n " + script_), "");
}

TEST_F(Completion, BashOffersCommandsAndTheCommandsBelowThem) {
  EXPECT_EQ(offered({"expl"}), Words{"explain"});
  EXPECT_EQ(offered({"data", "ch"}), Words{"check"});
  EXPECT_FALSE(offers({""}, "man")) << "it is hidden";
  EXPECT_EQ(offered({"data", "check", "imagenette9"}), Words{"imagenette96"});
}

TEST_F(Completion, BashOffersOptionsOfTheCommandAndCommonOnes) {
  EXPECT_TRUE(offers({"list", "--"}, "--state"));
  EXPECT_TRUE(offers({"list", "--"}, "--workspace"));
  EXPECT_FALSE(offers({"show", "--"}, "--state"));
}

TEST_F(Completion, BashLeavesPicturesAndWeightsToReadlineWhichKnowsFiles) {
  const std::string script = harness({"completion", "bash"}).out;
  for (const char* option : {"masks --augmentor", "masks --classifier", "augment --weights"})
    EXPECT_NE(script.find(fmt::format("'harness {}') files=yes", option)), std::string::npos);
  for (const char* command : {"masks", "augment"}) {
    const size_t last = script.rfind(fmt::format("'harness {} ')", command));
    ASSERT_NE(last, std::string::npos);
    EXPECT_LT(script.find("files=yes", last), script.find(";;", last)) << command;
  }
  EXPECT_TRUE(offers({"mas"}, "masks"));
}

TEST_F(Completion, BashOffersRealTablesRowsAndValues) {
  EXPECT_TRUE(offers({"run", "tab"}, "table6"));
  EXPECT_EQ(offered({"list", "--state", "pa"}), Words{"partial"});
  EXPECT_EQ(offered({"list", "--scale", "=", "mi"}), Words{"mini"});
  EXPECT_EQ(offered({"report", "--scale", "mini", "--format", "mark"}), Words{"markdown"});
  EXPECT_TRUE(offers({"--workspace", "run", "list", "table"}, "table6"))
      << "the value of an option is no command";
}

TEST_F(Completion, BashQuotesNamesWithSpacesUnlessTheyAreQuotedAlready) {
  EXPECT_TRUE(offers({"run", "--only", "Mask\\ L"}, "Mask\\ Low"));
  EXPECT_TRUE(offers({"run", "--only", "\"Mask L"}, "Mask Low"));
  EXPECT_TRUE(offers({"explain", "table6/Mask"}, "table6/Mask\\ Low"));
}

TEST_F(Completion, AllShellsKnowEveryCommandOptionAndRow) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    const std::string script = harness({"completion", shell}).out;
    for (const char* word : {"harness data check", "time-limit", "Mask Random", "table6", "mini"})
      EXPECT_NE(script.find(word), std::string::npos) << shell << ": " << word;
  }
  EXPECT_EQ(harness({"completion", "basch"}).code, 2);
}

TEST_F(Completion, ManPageIsPlainRoffWithEveryCommandAndOption) {
  const std::string page = harness({"man"}).out;
  EXPECT_TRUE(page.starts_with(".TH HARNESS 1 ")) << page.substr(0, 40);
  for (const char* word : {".SS \"harness data check\"", "\\fB\\-\\-time\\-limit\\fR",
                           "\\fBharness completion\\fR [\\fIOPTIONS\\fR] \\fISHELL\\fR",
                           "harness explain 'table6/Mask Low'", ".SH \"EXIT STATUS\""})
    EXPECT_NE(page.find(word), std::string::npos) << word;
  EXPECT_TRUE(std::all_of(page.begin(), page.end(), [](char c) { return uint8_t(c) < 0x80; }));
  EXPECT_EQ(page.find("\n'"), std::string::npos) << "a line that roff takes for a request";
  if (printed_by("command -v groff").starts_with("failed")) GTEST_SKIP() << "groff is not here";
  std::ofstream(folder_ / "harness.1") << page;
  EXPECT_EQ(printed_by("groff -man -Tutf8 -ww -z " + (folder_ / "harness.1").string()), "");
}

}  // namespace
}  // namespace mra
