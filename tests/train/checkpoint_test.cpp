#include "harness/train/checkpoint.h"

#include <csignal>

#include <sys/resource.h>

#include "harness/base/disk.h"
#include "harness/base/file.h"
#include "tests/train/attempts.h"

namespace mra {
namespace {

TEST(Checkpoint, ADamagedCheckpointFallsBackToTheOneBefore) {
  Attempts whole(tiny_recipe()), damaged(tiny_recipe());
  const TrainResult expected = whole.attempt();
  damaged.attempt(12);
  damage(damaged.checkpoint(), int64_t(fs::file_size(damaged.checkpoint())) - 5);
  expect_same_outcome(whole, expected, damaged, damaged.attempt());
  EXPECT_EQ(damaged.count("warning"), 1);
  EXPECT_EQ(damaged.count("resume"), 1);
  EXPECT_TRUE(fs::exists(damaged.checkpoint().string() + ".damaged"));
}

TEST(Checkpoint, AKillBetweenTheRenamesOfACheckpointLosesNothing) {
  Attempts whole(tiny_recipe()), killed(tiny_recipe());
  const TrainResult expected = whole.attempt();
  killed.attempt(12);
  fs::remove(killed.checkpoint());  // the new one had no name yet, the old one has its new name
  expect_same_outcome(whole, expected, killed, killed.attempt());
  EXPECT_EQ(killed.count("warning"), 0);
  EXPECT_EQ(killed.count("resume"), 1);
}

TEST(Checkpoint, TheCheckpointOfAnotherRunIsNotUsed) {
  Attempts own(tiny_recipe());
  const fs::path runs = own.folder.path() / "01";
  RunDirectory first(runs / "23456789abcdef-s0"), second(runs / "23456789abcdef-s1");
  for (const RunDirectory& directory : {first, second}) fs::create_directories(directory.path());
  own.directory = first;
  own.attempt(12);
  fs::copy_file(first.checkpoint_file(), second.checkpoint_file());
  own.directory = second;
  own.attempt(13);
  EXPECT_EQ(own.count("warning"), 1);
  EXPECT_EQ(own.count("resume"), 0);
  EXPECT_TRUE(fs::exists(second.checkpoint_file().string() + ".damaged"));
  own.attempt();
  EXPECT_EQ(own.count("resume"), 1);
}

TEST(Checkpoint, WithBothCheckpointsDamagedItStartsFromTheBeginning) {
  Attempts whole(tiny_recipe()), damaged(tiny_recipe());
  const TrainResult expected = whole.attempt();
  damaged.attempt(12);
  fs::resize_file(damaged.checkpoint(), 100);
  write_file_atomically(previous_checkpoint(damaged.checkpoint()), "");
  expect_same_outcome(whole, expected, damaged, damaged.attempt());
  EXPECT_EQ(damaged.count("warning"), 2);
  EXPECT_EQ(damaged.count("resume"), 0);
}

/// Files of this process stay below `bytes` for a while, as on a disk that is full.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limit{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST(Checkpoint, ACheckpointThatCannotBeWrittenLeavesBothThatWereThere) {
  Attempts whole(tiny_recipe()), limited(tiny_recipe());
  const TrainResult expected = whole.attempt();
  limited.attempt(12);
  const std::string newest = read_file(limited.checkpoint());
  const std::string before = read_file(previous_checkpoint(limited.checkpoint()));
  {
    const FileSizeLimit limit(newest.size() / 2);
    EXPECT_THROW(limited.attempt(), IoError);
  }
  EXPECT_EQ(read_file(limited.checkpoint()), newest);
  EXPECT_EQ(read_file(previous_checkpoint(limited.checkpoint())), before);
  expect_same_outcome(whole, expected, limited, limited.attempt());
}

TEST(Checkpoint, ACheckpointThatCannotBeReadIsNotTakenForDamaged) {
  Attempts run(tiny_recipe());
  run.attempt(12);
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  JournalWriter journal(run.directory.journal_file());
  const rlimit none{3, before.rlim_max};
  ::setrlimit(RLIMIT_NOFILE, &none);
  EXPECT_THROW(load_checkpoint(run.checkpoint(), journal), IoError);
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_TRUE(fs::exists(run.checkpoint()));
  EXPECT_TRUE(load_checkpoint(run.checkpoint(), journal).has_value());
}
TEST(Checkpoint, ACheckpointOfAnotherModelIsRefused) {
  Attempts run(tiny_recipe());
  run.attempt(3);
  run.recipe = tiny_adamw_recipe();
  EXPECT_THROW(run.attempt(), Error);
}

}  // namespace
}  // namespace mra
