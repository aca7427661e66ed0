#include "harness/train/trainer.h"

#include <csignal>
#include <fstream>

#include <sys/resource.h>

#include <gtest/gtest.h>

#include "harness/base/disk.h"
#include "harness/base/file.h"
#include "harness/model/state_dict.h"
#include "harness/record/trace.h"
#include "harness/train/checkpoint.h"
#include "harness/train/device.h"
#include "tests/support/temp_dir.h"
#include "tests/train/tiny_task.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

Recipe tiny_recipe() {
  Recipe recipe;
  recipe.epochs = 4;
  recipe.batch_size = TinyTask::kBatch;
  recipe.lr = 0.05;
  recipe.momentum = 0.9;
  recipe.nesterov = true;
  recipe.weight_decay = 1e-3;
  recipe.warmup_epochs = 1;
  return recipe;
}

Recipe tiny_adamw_recipe() {
  Recipe recipe = tiny_recipe();
  recipe.optimizer = "adamw";
  recipe.decay_on = "matrices";
  recipe.lr = 0.01;
  recipe.ema_decay = 0.9;
  return recipe;
}

/// One run directory and everything train() is given.
class Attempts {
 public:
  explicit Attempts(Recipe used) : recipe(std::move(used)) {
    set_threads(1);  // tensors this small only wait for each other's threads
  }

  /// Trains from what the directory holds; stops after `stop_at` steps (over all epochs).
  TrainResult attempt(int64_t stop_at = -1, int64_t until_step = 0) {
    task = std::make_unique<TinyTask>();
    if (channels_last) use_channels_last(task->module());
    stop = stop_at == 0;
    task->on_step = [this, stop_at](const Step& step) { stop = step.step + 1 == stop_at; };
    JournalWriter journal(directory.journal_file());
    journal.append("start", Json::object());
    const TrainEnv env{torch::kCPU, directory, journal, progress, stop, until_step};
    return train(*task, recipe, env);
  }
  fs::path checkpoint() const { return directory.checkpoint_file(); }
  std::vector<std::string> events() const {
    std::vector<std::string> names;
    for (const auto& event : read_journal(directory.journal_file())) names.push_back(event.event);
    return names;
  }
  int64_t count(const std::string& event) const {
    const auto names = events();
    return std::count(names.begin(), names.end(), event);
  }

  Recipe recipe;
  bool channels_last = true;
  TempDir folder;
  RunDirectory directory{folder.path()};
  Progress progress;
  std::atomic<bool> stop{false};
  std::unique_ptr<TinyTask> task;
};

void expect_same_outcome(Attempts& a, const TrainResult& first, Attempts& b,
                         const TrainResult& second) {
  EXPECT_TRUE(first.finished && second.finished);
  EXPECT_EQ(first.metrics, second.metrics);
  EXPECT_EQ(first.curves, second.curves);
  const StateDict own = state_dict(a.task->module()), other = state_dict(b.task->module());
  for (const auto& [name, tensor] : own) EXPECT_TRUE(tensor.equal(other.at(name))) << name;
  EXPECT_TRUE(a.task->in_order && b.task->in_order);
}

/// The metrics without those that train() adds.
Metrics last_evaluation(const TrainResult& result) {
  Metrics metrics;
  for (const auto& [name, curve] : result.curves)
    if (name != "train_loss" && name != "lr") metrics[name] = curve.back().second;
  return metrics;
}

void damage(const fs::path& path, int64_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(at);
  const int byte = file.get();
  file.seekp(at);
  file.put(char(byte ^ 1));
}

TEST(Trainer, LearnsWhatCanBeLearnt) {
  Attempts run(tiny_recipe());
  run.recipe.epochs = 20;
  const TrainResult result = run.attempt();
  const Curve& loss = result.curves.at("train_loss");
  ASSERT_EQ(loss.size(), 20u);
  EXPECT_EQ(loss.front().first, 1.0);
  EXPECT_LT(loss.back().second, 0.7 * loss.front().second);
  EXPECT_GE(result.metrics.at("top1/best"), result.metrics.at("top1"));
  EXPECT_EQ(run.count("epoch"), 20);
}

class TrainerResume : public ::testing::TestWithParam<std::vector<int64_t>> {};

TEST_P(TrainerResume, InterruptedRunsEndWithTheSameBits) {
  for (const Recipe& recipe : {tiny_recipe(), tiny_adamw_recipe()}) {
    Attempts whole(recipe), pieces(recipe);
    const TrainResult expected = whole.attempt();
    for (const int64_t stop_at : GetParam()) {
      EXPECT_FALSE(pieces.attempt(stop_at).finished);
      EXPECT_EQ(pieces.events().back(), "stop");
    }
    const TrainResult result = pieces.attempt();
    expect_same_outcome(whole, expected, pieces, result);
    EXPECT_EQ(result.attempts, int64_t(GetParam().size()) + 1);
  }
}

INSTANTIATE_TEST_SUITE_P(StopPoints, TrainerResume,
                         ::testing::Values(std::vector<int64_t>{0}, std::vector<int64_t>{1},
                                           std::vector<int64_t>{4}, std::vector<int64_t>{5},
                                           std::vector<int64_t>{7, 8, 13},
                                           std::vector<int64_t>{19}));

TEST(Trainer, InterruptedRunsLeaveTheTraceOfAnUndisturbedOne) {
  Attempts whole(tiny_recipe()), pieces(tiny_recipe());
  whole.attempt();
  for (const int64_t stop_at : {1, 7, 8, 13}) pieces.attempt(stop_at);
  pieces.attempt();
  const Trace expected = read_trace(whole.directory.trace_file());
  const Trace trace = read_trace(pieces.directory.trace_file());
  EXPECT_EQ(expected.losses.size(), 20u);
  EXPECT_EQ(expected.tensors.size(), 3u);  // after 1, 10 and 20 steps
  EXPECT_EQ(trace.losses, expected.losses);
  EXPECT_FALSE(trace.disagreed_at);
  const TraceComparison comparison = compare(expected, trace);
  EXPECT_TRUE(comparison.identical()) << comparison.what;
}

TEST(Trainer, ATraceNamesTheTensorThatChanged) {
  Attempts whole(tiny_recipe()), other(tiny_recipe());
  whole.attempt();
  other.attempt(4);
  JournalWriter journal(other.directory.journal_file());
  Checkpoint changed = *load_checkpoint(other.checkpoint(), journal);
  changed.tensors.at("model/fc.bias")[0] += 1e-6;
  save_checkpoint(other.checkpoint(), changed);
  other.attempt();
  const TraceComparison comparison =
      compare(read_trace(whole.directory.trace_file()), read_trace(other.directory.trace_file()));
  EXPECT_EQ(comparison.first_step, 5);
  EXPECT_EQ(comparison.what, "loss");
}

TEST(Trainer, StopsAfterTheStepItIsTold) {
  Attempts run(tiny_recipe());
  EXPECT_FALSE(run.attempt(-1, /*until_step=*/7).finished);
  EXPECT_EQ(read_journal(run.directory.journal_file()).back().fields["step"], 7);
  EXPECT_TRUE(run.attempt().finished);
}

TEST(Trainer, ARunKilledWithoutWarningEndsWithTheSameBits) {
  Attempts whole(tiny_recipe()), killed(tiny_recipe());
  const TrainResult expected = whole.attempt();
  // What a killed process leaves: the checkpoint of the last whole epoch.
  killed.attempt(10);
  const std::string at_epoch_2 = read_file(killed.checkpoint());
  killed.attempt(13);
  write_file_atomically(killed.checkpoint(), at_epoch_2);
  expect_same_outcome(whole, expected, killed, killed.attempt());
}

TEST(Trainer, ADamagedCheckpointFallsBackToTheOneBefore) {
  Attempts whole(tiny_recipe()), damaged(tiny_recipe());
  const TrainResult expected = whole.attempt();
  damaged.attempt(12);
  damage(damaged.checkpoint(), int64_t(fs::file_size(damaged.checkpoint())) - 5);
  expect_same_outcome(whole, expected, damaged, damaged.attempt());
  EXPECT_EQ(damaged.count("warning"), 1);
  EXPECT_EQ(damaged.count("resume"), 1);
  EXPECT_TRUE(fs::exists(damaged.checkpoint().string() + ".damaged"));
}

TEST(Trainer, AKillBetweenTheRenamesOfACheckpointLosesNothing) {
  Attempts whole(tiny_recipe()), killed(tiny_recipe());
  const TrainResult expected = whole.attempt();
  killed.attempt(12);
  fs::remove(killed.checkpoint());  // the new one had no name yet, the old one has its new name
  expect_same_outcome(whole, expected, killed, killed.attempt());
  EXPECT_EQ(killed.count("warning"), 0);
  EXPECT_EQ(killed.count("resume"), 1);
}

TEST(Trainer, TheCheckpointOfAnotherRunIsNotUsed) {
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

TEST(Trainer, WithBothCheckpointsDamagedItStartsFromTheBeginning) {
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

TEST(Trainer, ACheckpointThatCannotBeWrittenLeavesBothThatWereThere) {
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

TEST(Trainer, ACheckpointThatCannotBeReadIsNotTakenForDamaged) {
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

TEST(Trainer, ADivergedRunFailsAndNamesTheStep) {
  Attempts run(tiny_recipe());
  try {
    TinyTask task;
    task.diverge_at = 7;
    JournalWriter journal(run.directory.journal_file());
    train(task, run.recipe, {torch::kCPU, run.directory, journal, run.progress, run.stop});
    FAIL() << "a nan was accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kFailure);
    EXPECT_NE(error.what_happened.find("loss is nan at step 7 (epoch 1)"), std::string::npos)
        << error.what_happened;
  }
}

TEST(Trainer, WeightsThatOverflowInTheLastStepFailTheRun) {
  Attempts run(tiny_recipe());
  TinyTask task;
  task.on_step = [&task](const Step& step) {
    const torch::NoGradGuard no_grad;
    if (step.step == 19) task.net->fc->weight[0][0] = std::numeric_limits<float>::infinity();
  };
  JournalWriter journal(run.directory.journal_file());
  EXPECT_THROW(
      train(task, run.recipe, {torch::kCPU, run.directory, journal, run.progress, run.stop}),
      Error);
}

TEST(Trainer, EvaluationSeesTheAveragedWeightsAndTrainingDoesNot) {
  Attempts plain(tiny_recipe()), averaged(tiny_recipe());
  averaged.recipe.ema_decay = 0.99;
  const TrainResult without = plain.attempt(), with = averaged.attempt();
  EXPECT_EQ(without.curves.at("train_loss"), with.curves.at("train_loss"));
  EXPECT_NE(without.curves.at("loss"), with.curves.at("loss"));
  averaged.task->module().eval();
  EXPECT_EQ(averaged.task->evaluate(), last_evaluation(with)) << "what was judged is what is kept";
}

TEST(Trainer, EvaluatesAsOftenAsTheRecipeSaysAndAtTheEnd) {
  Attempts run(tiny_recipe());
  run.recipe.evaluate_every_epochs = 3;
  const Curve curve = run.attempt().curves.at("top1");
  ASSERT_EQ(curve.size(), 2u);
  EXPECT_EQ(curve[0].first, 3.0);
  EXPECT_EQ(curve[1].first, 4.0);
}

TEST(Trainer, ACheckpointOfAnotherModelIsRefused) {
  Attempts run(tiny_recipe());
  run.attempt(3);
  run.recipe = tiny_adamw_recipe();
  EXPECT_THROW(run.attempt(), Error);
}

}  // namespace
}  // namespace mra
