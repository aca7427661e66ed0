#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/record/run_directory.h"
#include "harness/spec/library.h"
#include "harness/worker/execute.h"
#include "tests/support/temp_dir.h"

namespace mra {

/// Executes tiny runs of Table 6 in a workspace of its own.
class TinyWorkerRun : public testing::Test {
 protected:
  TinyWorkerRun() : library_(std::filesystem::path(HARNESS_SOURCE_DIR) / "experiments") {}

  /// A spec of Table 6 or its pretraining, made small by a merge patch.
  Json tiny(const ExperimentSpec& experiment) const {
    Json spec = experiment.resolved;
    spec.merge_patch({{"dataset", {{"train_pictures", 96}, {"val_pictures", 40}}},
                      {"recipe", {{"epochs", 2}, {"batch_size", 32}, {"warmup_epochs", 0}}}});
    if (spec["task"] == "supervised") spec["model"]["width"] = 4;
    return spec;
  }
  Json row(const std::string& label) const {
    for (const TableRow& candidate : library_.table("table6", "smoke").rows)
      if (candidate.label == label) return tiny(candidate.experiments[0]);
    return {};
  }
  Json pretraining() const { return tiny(library_.experiment("pretrain/mae_mini_r40", "smoke")); }

  RunDirectory prepare(const Json& spec, const std::string& name) const {
    const std::filesystem::path path = folder_ / name;
    std::filesystem::create_directories(path);
    const Json request = {
        {"key", experiment_key(spec)}, {"seed", 0}, {"experiment", name}, {"spec", spec}};
    write_file_atomically(path / "spec.json", request.dump());
    return RunDirectory(path);
  }
  static ExecuteOptions options_of(const RunDirectory& directory) {
    ExecuteOptions options;
    options.directory = directory.path();
    options.device = "cpu";
    options.threads = 1;
    options.loader_threads = 0;
    return options;
  }
  int run(const RunDirectory& directory, int loader_threads = 0,
          const std::map<std::string, std::filesystem::path>& inputs = {},
          bool stop = false) const {
    const std::atomic<bool> flag{stop};
    ExecuteOptions options = options_of(directory);
    options.loader_threads = loader_threads;
    options.inputs = inputs;
    return execute(options, flag);
  }

  SpecLibrary library_;
  TempDir folder_;
};

}  // namespace mra
