#include "harness/record/runs_folder.h"

#include <fstream>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/record/run_directory.h"
#include "tests/support/temp_dir.h"

namespace mra {

namespace fs = std::filesystem;

class RunsFolder : public testing::Test {
 protected:
  RunsFolder() { fs::create_directories(workspace); }

  void add_run(const fs::path& runs) { fs::create_directories(runs / "01/23456789abcdef-s4"); }

  TempDir dir;
  fs::path workspace = dir / "out";
};

TEST_F(RunsFolder, IsThatOfTheWorkspaceUnlessToldOtherwise) {
  add_run(workspace / "runs");
  check_runs_folder(workspace);
  keep_runs_in(workspace / "runs", workspace);
  EXPECT_FALSE(fs::is_symlink(workspace / "runs"));
  EXPECT_EQ(run_directories(workspace).size(), 1u);
}

TEST_F(RunsFolder, ElsewhereIsMadeAndRemembered) {
  fs::create_directories(workspace / "runs");  // empty: nothing is left behind
  keep_runs_in(dir / "disk/runs/", workspace);
  add_run(dir / "disk/runs");
  ASSERT_EQ(run_directories(workspace).size(), 1u);
  EXPECT_EQ(run_directories(workspace)[0].path(),
            RunDirectory::path_of(workspace, {"0123456789abcdef", 4}));
  keep_runs_in(dir / "disk/runs", workspace);
}

TEST_F(RunsFolder, LeavesNoRunBehind) {
  add_run(workspace / "runs");
  EXPECT_THROW(keep_runs_in(dir / "disk", workspace), Error);
  fs::rename(workspace / "runs", dir / "first");
  keep_runs_in(dir / "first", workspace);
  EXPECT_THROW(keep_runs_in(dir / "second", workspace), Error);
  EXPECT_EQ(run_directories(workspace).size(), 1u);
}

TEST_F(RunsFolder, ThatIsGoneIsToldAndCanBeNamedAgain) {
  keep_runs_in(dir / "first", workspace);
  add_run(dir / "first");
  fs::rename(dir / "first", dir / "second");
  try {
    check_runs_folder(workspace);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kEnvironment);
    EXPECT_NE(error.what_happened.find((dir / "first").string()), std::string::npos);
  }
  keep_runs_in(dir / "second", workspace);
  check_runs_folder(workspace);
  EXPECT_EQ(run_directories(workspace).size(), 1u);
}

TEST_F(RunsFolder, ThatIsAFileIsRefused) {
  std::ofstream(dir / "file") << "x";
  EXPECT_THROW(keep_runs_in(dir / "file", workspace), Error);
}

}  // namespace mra
