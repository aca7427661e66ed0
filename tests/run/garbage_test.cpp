#include "harness/run/garbage.h"

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/record/run_directory.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

void put(const fs::path& path) {
  fs::create_directories(path.parent_path());
  write_file_atomically(path, "12345");
}

/// Names of what can go, without the workspace.
std::vector<std::string> found_in(const fs::path& workspace) {
  std::vector<std::string> names;
  for (const Garbage& one : garbage(workspace))
    names.push_back(one.path.lexically_relative(workspace).string());
  return names;
}

const std::string kRun = "runs/ab/cdef0123456789-s0";
constexpr const char* kDead = "999999999";  // above the largest process number

TEST(Garbage, IsWhatNothingRefersTo) {
  const TempDir folder;
  const fs::path out = folder / "out";
  const std::vector<std::string> wanted = {"harness.db.v1.bak",
                                           kRun + "/." + "weights.safetensors." + kDead + ".tmp",
                                           kRun + "/checkpoint.bin",
                                           kRun + "/checkpoint.bin.damaged2",
                                           kRun + "/judged/throughput-01234567.json.damaged",
                                           kRun + ".old-20260102T030405Z"};
  for (const std::string& name : wanted)
    put(name.ends_with("Z") ? out / name / "record.json" : out / name);
  for (const char* name : {"harness.db", "notes.txt", "mine.bak", "runs/ab/mine/checkpoint.bin"})
    put(out / name);
  for (const char* name : {"/record.json", "/journal.jsonl", "/weights.safetensors", "/mine.tmp"})
    put(out / (kRun + name));
  put(temporary_beside(out / kRun / "of_a_living_program"));
  auto expected = wanted;
  std::sort(expected.begin(), expected.end());
  auto found = found_in(out);
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, expected);
}

TEST(Garbage, TheCheckpointOfAnUnfinishedRunStays) {
  const TempDir folder;
  put(folder / kRun / "checkpoint.bin");
  EXPECT_TRUE(garbage(folder.path()).empty());
  put(folder / kRun / "record.json");
  EXPECT_EQ(garbage(folder.path()).size(), 1u);
}

TEST(Garbage, ARunSomebodyWorksOnIsLeftAlone) {
  const TempDir folder;
  put(folder / kRun / "checkpoint.bin.damaged");
  const auto lock = RunLock::try_take(RunDirectory(folder / kRun));
  ASSERT_TRUE(lock);
  EXPECT_TRUE(garbage(folder.path()).empty());
}

TEST(Garbage, ALinkIsRemovedAndNotFollowed) {
  const TempDir folder;
  put(folder / "precious/file");
  fs::create_directories(folder / "out/runs/ab");
  const fs::path link = folder / "out/runs/ab/cdef0123456789-s0.old-20260102T030405Z";
  fs::create_directory_symlink(folder / "precious", link);
  for (const Garbage& one : garbage(folder / "out")) remove(one);
  EXPECT_FALSE(fs::exists(fs::symlink_status(link)));
  EXPECT_TRUE(fs::exists(folder / "precious/file"));
}

}  // namespace
}  // namespace mra
