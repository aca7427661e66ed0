// Several launchers, or what is left of them, in one workspace.
#include <csignal>
#include <thread>

#include <sys/wait.h>
#include <unistd.h>

#include "tests/run/launch_fixture.h"

namespace mra {

TEST_F(Launch, ManyLaunchersDoEveryRunOnce) {
  std::vector<PlannedRun> runs;
  for (const char* run : {"a", "b", "c", "d"})
    runs.push_back(worker.run(run, "sleep 0.1; succeed"));
  runs.push_back(worker.run("last", "succeed", {runs[0].id, runs[3].id}));
  constexpr int kLaunchers = 3;
  std::vector<std::thread> launchers;
  std::atomic<int> codes = 0, done = 0;
  for (int i = 0; i < kLaunchers; ++i)
    launchers.emplace_back([&] {
      ResultStore own(ResultStore::path_of(options.workspace));
      LaunchObserver silent;
      const LaunchResult result = launch(runs, own, options, stop, silent);
      codes += exit_code(result);
      done += int(result.executed.size());
    });
  for (std::thread& launcher : launchers) launcher.join();
  EXPECT_EQ(codes, 0);
  EXPECT_EQ(done, kLaunchers * 5);
  EXPECT_EQ(worker.starts().size(), 5u);
  EXPECT_EQ(store.runs().size(), 5u);
}

TEST_F(Launch, ARunThatFailedUnderAnotherIsNotRepeated) {
  JournalWriter(worker.folder() / "journal").append("fail", {{"where", "x"}, {"what", "no"}});
  const auto run =
      worker.run("a", "sleep 0.3; cp \"$HERE/journal\" \"$DIR/journal.jsonl\"; exit 1");
  std::thread other([&] {
    ResultStore own(ResultStore::path_of(options.workspace));
    LaunchObserver silent;
    launch({run}, own, options, stop, silent);
  });
  while (worker.starts().empty()) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  go({run});
  other.join();
  EXPECT_EQ(seen.waited, std::vector<std::string>{"table6/a"});
  EXPECT_EQ(end_of(run).outcome, Outcome::kFailed);
  EXPECT_TRUE(end_of(run).by_another_process);
  EXPECT_EQ(worker.starts().size(), 1u);
}

TEST_F(Launch, AWorkerWhoseHarnessWasKilledIsAskedToStopAndKeepsTheRun) {
  const auto run = worker.run("a",
                              "trap ': > \"$HERE/asked\"' TERM\n: > \"$HERE/ready\"\n"
                              "while [ ! -e \"$HERE/go\" ]; do sleep 0.01; echo x; done");
  const pid_t child = ::fork();
  if (child == 0) {
    ResultStore own(ResultStore::path_of(options.workspace));
    launch({run}, own, options, stop, seen);
    ::_exit(0);
  }
  const auto wait_for = [&](const char* file) {
    for (int i = 0; i < 1000 && !fs::exists(worker.folder() / file); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return fs::exists(worker.folder() / file);
  };
  EXPECT_TRUE(wait_for("ready"));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(wait_for("asked"));
  EXPECT_EQ(directory(run).state(), RunState::kRunning);
  std::ofstream(worker.folder() / "go") << "";
  for (int i = 0; i < 1000 && is_locked(directory(run)); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_FALSE(is_locked(directory(run)));
}

}  // namespace mra
