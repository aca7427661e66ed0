#include "harness/record/run_directory.h"

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/record/journal.h"
#include "harness/record/run_lock.h"
#include "harness/record/run_of.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_run.h"

namespace mra {

class Directory : public testing::Test {
 protected:
  void note(const std::string& event, const Json& fields = Json::object()) {
    JournalWriter(run.journal_file()).append(event, fields);
  }

  TempDir dir;
  const RunDirectory run{dir.path()};
};

TEST(RunDirectory, LiesUnderTheFirstTwoDigits) {
  EXPECT_EQ(RunDirectory::path_of("out", {"0123456789abcdef", 4}),
            std::filesystem::path("out/runs/01/23456789abcdef-s4"));
  EXPECT_EQ(text(RunId{"0123456789abcdef", 4}), "0123456789abcdef-s4");
  EXPECT_EQ(run_of("out/runs/01/23456789abcdef-s4"), (RunId{"0123456789abcdef", 4}));
  for (const char* other : {"out/runs/01/23456789abcdef-s4.old-20260102T030405Z", "out/runs/01/x",
                            "out/23456789abcdef-s4", "23456789abcdef-s4", ""})
    EXPECT_FALSE(run_of(other)) << other;
}

TEST_F(Directory, ItsStateFollowsItsFiles) {
  EXPECT_EQ(run.state(), RunState::kPending);
  note("start");
  EXPECT_EQ(run.state(), RunState::kInterrupted);
  note("fail", {{"where", "step 3"}, {"what", "the loss is nan"}});
  EXPECT_EQ(run.state(), RunState::kFailed);
  EXPECT_EQ(run.reason(), "step 3: the loss is nan");
  note("start");
  EXPECT_EQ(run.state(), RunState::kInterrupted);
  EXPECT_EQ(run.reason(), "");
  {
    const auto lock = RunLock::try_take(run);
    EXPECT_EQ(run.state(), RunState::kRunning);
  }
  EXPECT_EQ(run.state(), RunState::kInterrupted);
  write_file_atomically(run.record_file(), to_json(tiny_record("a")).dump());
  EXPECT_EQ(run.state(), RunState::kDone);
  EXPECT_EQ(run.record()->experiment, "table6/a");
}

TEST_F(Directory, ACheckpointAloneIsAnInterruptedRun) {
  std::ofstream(run.checkpoint_file()) << "x";
  EXPECT_EQ(run.state(), RunState::kInterrupted);
}

TEST_F(Directory, ADamagedRecordIsAnErrorThatNamesIt) {
  EXPECT_FALSE(run.record());
  std::ofstream(run.record_file()) << R"({"key": "12)";
  try {
    run.record();
    FAIL() << "was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kIntegrity);
    EXPECT_EQ(error.where, run.record_file().string());
  }
}

TEST_F(Directory, AChangedByteOfARecordOrJudgementIsNoticedByTheJournal) {
  const std::string text = to_json(tiny_record("a")).dump();
  const std::filesystem::path judgement = run.judgement_file(id_of(tiny_judgement(4)));
  std::filesystem::create_directories(run.judged_folder());
  write_file_atomically(run.record_file(), text);
  write_file_atomically(judgement, to_json(tiny_judgement(4)).dump());
  note("start");
  note("finish", {{"record_sha256", sha256(text)}});
  note("judged", {{"judgement", judgement.stem().string()}, {"sha256", sha256_file(judgement)}});
  EXPECT_EQ(run.record()->judgements.size(), 1u);
  write_file_atomically(judgement, to_json(tiny_judgement(4)).dump(1));
  EXPECT_TRUE(run.record()->judgements.empty());
  write_file_atomically(run.record_file(), text + " ");
  EXPECT_THROW(run.record(), Error);
  note("start");  // of another attempt, which was killed right after writing its record
  EXPECT_TRUE(run.record());
}

TEST_F(Directory, JudgementsBelongToItsRecord) {
  write_file_atomically(run.record_file(), to_json(tiny_record("a")).dump());
  std::filesystem::create_directories(run.judged_folder());
  const auto write = [&](const std::string& id, const Judgement& judgement) {
    write_file_atomically(run.judgement_file(id), to_json(judgement).dump());
  };
  write(id_of(tiny_judgement(4)), tiny_judgement(4));
  Judgement of_others = tiny_judgement(2);
  of_others.weights_sha256 = std::string(64, 'b');
  write(id_of(of_others), of_others);
  write("occlusion-00000000", tiny_judgement(8));
  std::ofstream(run.judgement_file("cut")) << R"({"format": 1)";
  std::vector<Error> damaged;
  const auto record = run.record(&damaged);
  ASSERT_EQ(record->judgements.size(), 1u);
  EXPECT_EQ(to_json(record->judgements[0]), to_json(tiny_judgement(4)));
  ASSERT_EQ(damaged.size(), 3u);
  EXPECT_EQ(damaged[0].where, run.judgement_file("cut").string());
  EXPECT_EQ(damaged[1].what_happened, "holds a judgement other than its name says");
  EXPECT_EQ(damaged[2].what_happened, "judges weights other than those of the record");
  for (const Error& error : damaged) EXPECT_EQ(error.kind, ErrorKind::kIntegrity);
}

TEST_F(Directory, ItsLockHasOneHolder) {
  EXPECT_FALSE(is_locked(run));
  auto lock = RunLock::try_take(run);
  ASSERT_TRUE(lock);
  EXPECT_TRUE(is_locked(run));
  EXPECT_FALSE(RunLock::try_take(run));
  lock.reset();
  EXPECT_FALSE(is_locked(run));
  EXPECT_TRUE(RunLock::try_take(run));
}

TEST_F(Directory, ALockIsHeldUntilTheLastInheritorDies) {
  auto lock = RunLock::try_take(run);
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  lock.reset();
  EXPECT_TRUE(is_locked(run));
  EXPECT_FALSE(RunLock::try_take(run));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_FALSE(is_locked(run));
}

TEST_F(Directory, ALockOfAFolderMovedAsideFreesTheNewOne) {
  const RunDirectory moving(dir / "run");
  const auto old_lock = RunLock::try_take(moving);
  std::filesystem::rename(moving.path(), dir / "run.old");
  EXPECT_FALSE(is_locked(moving));
  EXPECT_TRUE(RunLock::try_take(moving));
}

TEST_F(Directory, AFileInItsPlaceIsAnErrorOfTheMachine) {
  std::ofstream(dir / "run") << "x";
  try {
    RunLock::try_take(RunDirectory(dir / "run"));
    FAIL() << "was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kEnvironment);
  }
}

TEST_F(Directory, NobodyEndsUpWithTheLockOfAFolderMovedAside) {
  const RunDirectory moving(dir / "run");
  std::atomic<int> holders = 0, taken = 0, at_once = 0;
  const auto take_and_move = [&](int thread) {
    while (taken < 100) {
      const auto lock = RunLock::try_take(moving);
      if (!lock) {
        std::this_thread::yield();
        continue;
      }
      if (++holders != 1) ++at_once;
      std::this_thread::yield();
      --holders;
      const int number = ++taken;
      std::error_code ignored;
      std::filesystem::rename(moving.path(), dir / fmt::format("old-{}-{}", thread, number),
                              ignored);
    }
  };
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) threads.emplace_back(take_and_move, thread);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(at_once, 0);
}

}  // namespace mra
