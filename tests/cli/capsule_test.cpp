#include "harness/cli/capsule.h"

#include <algorithm>

#include "harness/weights/tar_archive.h"
#include "tests/cli/cli_fixture.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

Capsule read(const std::string& bytes) {
  return capsule_from_bytes(bytes_of(bytes), "mine.tar");
}

/// The message that refuses an archive.
std::string refusal(const std::string& bytes) {
  try {
    read(bytes);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kIntegrity);
    EXPECT_TRUE(error.where.starts_with("mine.tar"));
    EXPECT_FALSE(error.cure.empty());
    return error.what();
  }
  return "read";
}

Capsule small_capsule() {
  return {"0.1.0", "smoke", {"table6"}, {}, {{"experiments/0/claims.json", "{}"}}, {}};
}

/// The archive of a small capsule with one more file.
std::string with_file(const std::string& name, const std::string& bytes = "x") {
  Capsule capsule = small_capsule();
  capsule.files[name] = bytes;
  return to_bytes(capsule);
}

/// Puts `byte` at a place of the first header, and its checksum right.
std::string with_header_byte(std::string archive, size_t at, char byte) {
  archive[at] = byte;
  std::fill_n(archive.begin() + 148, 8, ' ');
  unsigned sum = 0;
  for (size_t i = 0; i < 512; ++i) sum += uint8_t(archive[i]);
  std::snprintf(archive.data() + 148, 8, "%06o", sum);
  return archive;
}

}  // namespace

TEST(CapsuleFile, IsReadAsItWasWritten) {
  const Capsule capsule = small_capsule(), again = read(to_bytes(capsule));
  EXPECT_EQ(again.files, capsule.files);
  EXPECT_EQ(again.tables, capsule.tables);
  EXPECT_EQ(again.program, capsule.program);
  EXPECT_TRUE(again.changed.empty());
  EXPECT_EQ(to_bytes(again), to_bytes(capsule));
}

TEST(CapsuleFile, NamesThatLeadElsewhereAreRefused) {
  for (const char* name : {"../evil", "runs/../../evil", "/etc/evil", "runs/./a", "runs//a", "runs",
                           "runs/", "evil", "harness.db", "manifest.json/a", "runs/a/.."})
    EXPECT_NE(refusal(with_file(name)).find("not part of a capsule"), std::string::npos) << name;
}

TEST(CapsuleFile, AFileThatIsAFolderTooIsRefused) {
  Capsule capsule = small_capsule();
  capsule.files["runs/a"] = capsule.files["runs/a/b/c"] = "x";
  EXPECT_NE(refusal(to_bytes(capsule)).find("'runs/a' as a file and as a folder"),
            std::string::npos);
}

TEST(CapsuleFile, WhatIsNoPlainFileIsRefused) {
  const std::string archive = to_bytes(small_capsule());
  for (const char type : {'1', '2', '3', '5', '6', 'x', 'L'})  // links, devices, folders, …
    EXPECT_NE(refusal(with_header_byte(archive, 156, type)).find("more than plain files"),
              std::string::npos)
        << type;
  EXPECT_NE(refusal(with_header_byte(archive, 102, '4')).find("more than plain files"),
            std::string::npos);  // runs as its owner
  EXPECT_NE(refusal(archive + std::string(512, '\0')).find("more than plain files"),
            std::string::npos);
}

TEST(CapsuleFile, SizesThatAreNotThereAndFilesThatComeTwiceAreRefused) {
  const std::string archive = to_bytes(small_capsule());
  EXPECT_NE(refusal(with_header_byte(archive, 124, '7')).find("needs"), std::string::npos);
  EXPECT_NE(refusal(with_header_byte(archive, 124, '\x80')).find("not octal"), std::string::npos);
  EXPECT_NE(refusal(archive.substr(0, 1024) + archive).find("two members"), std::string::npos);
}

TEST(CapsuleFile, ACutOneIsRefusedWhereverItIsCut) {
  const std::string archive = with_file("runs/a/record.json", std::string(700, 'r'));
  for (size_t size = 0; size < archive.size(); size += 64)
    EXPECT_NE(refusal(archive.substr(0, size)), "read") << size;
}

TEST(CapsuleFile, TheManifestMustFit) {
  const auto with_manifest = [](const std::string& text) {
    return refusal(write_tar({{"manifest.json", text}}));
  };
  EXPECT_NE(refusal(write_tar({{"runs/a", "x"}})).find("has no manifest.json"), std::string::npos);
  EXPECT_NE(with_manifest("[]").find("is not a JSON object"), std::string::npos);
  EXPECT_NE(with_manifest(R"({"program": "9.0", "format": 2})").find("harness 9.0"),
            std::string::npos);
  const std::string start = R"({"program": "", "format": 1, "scale": "", "tables": [],)";
  EXPECT_NE(with_manifest(start + R"("overrides": [], "files": {"a": ""}})").find("lacks 'a'"),
            std::string::npos);
  EXPECT_NE(with_manifest(start + R"("overrides": [], "files": []})").find("files"),
            std::string::npos);
  EXPECT_NE(with_manifest(start + R"("overrides": [], "files": {}, "more": 1})").find("more"),
            std::string::npos);
}

TEST(FirstDifference, NamesTheLine) {
  EXPECT_EQ(first_difference("a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(first_difference("a\nb\n", "a\nc\n"), "line 2 has 'b', made anew it has 'c'");
  EXPECT_EQ(first_difference("", "a"), "line 1 has '', made anew it has 'a'");
  EXPECT_EQ(first_difference("a\n", "a\nb"), "line 2 has '', made anew it has 'b'");
  const std::string far(100, '-');
  EXPECT_NE(first_difference(far + "1" + far, far + "2" + far).find("…---"), std::string::npos);
}

/// Table 6 at smoke scale: two rows with three seeds each.
class CapsuleOfRuns : public RunCli {
 protected:
  CapsuleOfRuns() {
    for (int64_t seed = 0; seed < 3; ++seed) {
      std::vector<bool> low(40), base(40);
      for (int64_t i = 0; i < 36 + seed % 2; ++i) low[size_t(i)] = true;
      for (int64_t i = 0; i < 20 + seed; ++i) base[size_t(i)] = true;
      finish_run("table6", "Mask Low", seed, 2.5 * double(36 + seed % 2), low);
      finish_run("table6", "Baseline", seed, 2.5 * double(20 + seed), base);
    }
  }

  std::string make(const char* table = "table6") {
    const Answer answer = harness({"capsule", "make", table, "--out", file_.c_str()});
    EXPECT_EQ(answer.code, 0) << answer.err;
    return read_file(file_);
  }

  Answer verify(const std::string& bytes) {
    write_file_atomically(file_, bytes);
    return harness({"capsule", "verify", file_.c_str()});
  }

  const std::string file_ = (folder_.path() / "mine.tar").string();
};

TEST_F(CapsuleOfRuns, IsTheSameFileEachTimeAndHoldsWhatItsPagesAreMadeFrom) {
  const std::string bytes = make();
  EXPECT_EQ(make(), bytes);
  const Capsule capsule = read(bytes);
  for (const char* name :
       {"experiments/0/tables/table6.json", "experiments/0/claims.json", "reports/table6.md",
        "reports/table6.html", "reports/table6.badge.svg", "reports/claims.json"})
    EXPECT_TRUE(capsule.files.contains(name)) << name;
  EXPECT_FALSE(capsule.files.contains("experiments/0/tables/table1.json"));
  const auto count = [&](const std::string& end) {
    return std::count_if(capsule.files.begin(), capsule.files.end(),
                         [&](const auto& file) { return file.first.ends_with(end); });
  };
  EXPECT_EQ(count("/record.json"), 6);
  EXPECT_EQ(count("/evidence.bits"), 6);
}

TEST_F(CapsuleOfRuns, HasThePagesThatReportPrints) {
  const Capsule capsule = read(make());
  EXPECT_EQ(capsule.files.at("reports/table6.csv"),
            harness({"report", "table6", "--format", "csv"}).out);
  EXPECT_EQ(capsule.files.at("reports/table6.json"), harness({"report", "table6", "--json"}).out);
  EXPECT_EQ(capsule.files.at("reports/claims.json"), harness({"claims", "table6", "--json"}).out);
}

TEST_F(CapsuleOfRuns, IsVerifiedWithoutTheWorkspace) {
  const std::string bytes = make();
  fs::remove_all(workspace());
  setenv("HARNESS_EXPERIMENTS", "/nowhere", 1);
  const Answer answer = verify(bytes);
  EXPECT_EQ(answer.code, 0) << answer.out << answer.err;
  EXPECT_NE(answer.out.find("reports/table6.md  same\n"), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("6 runs, 7 reports, 0 of them differ\n"), std::string::npos);
  const Json found = harness({"capsule", "verify", file_.c_str(), "--json"}).json();
  EXPECT_EQ(found["reports"].size(), 7u);
  EXPECT_EQ(found["reports"][0]["same"], true);
  EXPECT_EQ(found["faults"], Json::array());
}

TEST_F(CapsuleOfRuns, ADigitThatIsChangedInAReportIsFound) {
  Capsule capsule = read(make());
  std::string& page = capsule.files.at("reports/table6.csv");
  page.at(page.find("90.83")) = '8';
  const Answer answer = verify(to_bytes(capsule));  // with a manifest that fits
  EXPECT_EQ(answer.code, 5);
  EXPECT_NE(answer.out.find("reports/table6.csv  line"), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("reports/table6.md  same"), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("1 of them differ\n"), std::string::npos) << answer.out;
}

TEST_F(CapsuleOfRuns, ADigitThatIsChangedInARecordIsFound) {
  Capsule capsule = read(make());
  for (auto& [name, bytes] : capsule.files)
    if (const size_t at = bytes.find("\"top1\":90.0");
        name.ends_with("/record.json") && at != std::string::npos) {
      bytes[at + 7] = '8';
      break;
    }
  const Answer answer = verify(to_bytes(capsule));
  EXPECT_EQ(answer.code, 5);
  EXPECT_NE(answer.out.find("reports/table6.md  line"), std::string::npos) << answer.out;
}

TEST_F(CapsuleOfRuns, AByteThatIsChangedInTheFileIsToldByItsName) {
  std::string bytes = make();
  bytes.at(bytes.find("\"wall_s\":12.5") + 9) = '3';
  const Answer answer = verify(bytes);
  EXPECT_EQ(answer.code, 5);
  EXPECT_NE(answer.out.find("/record.json is not as the manifest says"), std::string::npos)
      << answer.out;
}

TEST_F(CapsuleOfRuns, WhatCannotBeRebuiltIsToldAndLeavesNoFolder) {
  TempDir temporary;
  setenv("TMPDIR", temporary.path().c_str(), 1);
  Capsule capsule = read(make());
  capsule.files["experiments/0/tables/table6.json"] = "{";
  const Answer answer = verify(to_bytes(capsule));
  EXPECT_EQ(answer.code, 5);
  EXPECT_NE(answer.err.find("harness: experiments/0/tables/table6.json"), std::string::npos)
      << answer.err;
  EXPECT_TRUE(fs::is_empty(temporary.path()));
  capsule.files.erase("experiments/0/tables/table6.json");
  EXPECT_EQ(verify(to_bytes(capsule)).code, 5);
  EXPECT_TRUE(fs::is_empty(temporary.path()));
  unsetenv("TMPDIR");
}

TEST_F(CapsuleOfRuns, RunsThatTheDatabaseAloneHasAreWrittenFromIt) {
  const std::string pages = read(make()).files.at("reports/table6.json");
  fs::remove_all(workspace() / "runs");
  const std::string bytes = make();
  EXPECT_EQ(read(bytes).files.at("reports/table6.json"), pages);
  EXPECT_EQ(verify(bytes).code, 0);
}

TEST_F(CapsuleOfRuns, ADamagedRunIsAnErrorOfMaking) {
  for (const auto& entry : fs::recursive_directory_iterator(workspace() / "runs"))
    if (entry.path().filename() == "evidence.bits") std::ofstream(entry.path()) << "{}";
  const Answer answer = harness({"capsule", "make", "table6", "--out", file_.c_str()});
  EXPECT_EQ(answer.code, 5);
  EXPECT_NE(answer.err.find("evidence.bits"), std::string::npos) << answer.err;
  EXPECT_FALSE(fs::exists(file_));
}

TEST_F(CapsuleOfRuns, OtherSettingsGoWithIt) {
  const Answer made =
      harness({"capsule", "make", "table6", "--out", file_.c_str(), "--set", "/recipe/epochs=2"});
  EXPECT_EQ(made.code, 0) << made.err;
  const Answer answer = harness({"capsule", "verify", file_.c_str()});
  EXPECT_EQ(answer.code, 0) << answer.out;
  EXPECT_NE(read(read_file(file_)).files.at("reports/table6.md").find("/recipe/epochs=2"),
            std::string::npos);
}

}  // namespace mra
