#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>

#include <gtest/gtest.h>

#include "harness/model/state_dict.h"
#include "harness/train/device.h"
#include "harness/train/trainer.h"
#include "tests/support/temp_dir.h"
#include "tests/train/tiny_task.h"

namespace mra {

namespace fs = std::filesystem;

inline Recipe tiny_recipe() {
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

inline Recipe tiny_adamw_recipe() {
  Recipe recipe = tiny_recipe();
  recipe.optimizer = "adamw";
  recipe.decay_on = "matrices";
  recipe.lr = 0.01;
  recipe.ema_decay = 0.9;
  return recipe;
}

/// Ends with averaged weights of the best of many evaluations.
inline Recipe tiny_best_recipe() {
  Recipe recipe = tiny_recipe();
  recipe.ema_decay = 0.9;
  recipe.keep = "best";
  recipe.evaluate_every_steps = 2;
  recipe.late_evaluate_every_steps = 1;
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

inline void expect_same_outcome(Attempts& a, const TrainResult& first, Attempts& b,
                                const TrainResult& second) {
  EXPECT_TRUE(first.finished && second.finished);
  EXPECT_EQ(first.metrics, second.metrics);
  EXPECT_EQ(first.curves, second.curves);
  EXPECT_EQ(first.right, second.right);
  const StateDict own = state_dict(a.task->module()), other = state_dict(b.task->module());
  for (const auto& [name, tensor] : own) EXPECT_TRUE(tensor.equal(other.at(name))) << name;
  EXPECT_TRUE(a.task->in_order && b.task->in_order);
}

/// The metrics without those that train() adds.
inline Metrics last_evaluation(const TrainResult& result) {
  Metrics metrics;
  for (const auto& [name, curve] : result.curves)
    if (name != "train_loss" && name != "lr" && name != "seen_loss")
      metrics[name] = curve.back().second;
  return metrics;
}

inline void damage(const fs::path& path, int64_t at) {
  std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
  file.seekg(at);
  const int byte = file.get();
  file.seekp(at);
  file.put(char(byte ^ 1));
}

}  // namespace mra
