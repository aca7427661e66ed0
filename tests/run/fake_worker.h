#pragma once

#include <fstream>
#include <map>
#include <string>

#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/record/journal.h"
#include "harness/run/launch.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_run.h"

namespace mra {

/// A worker made of shell snippets, one a run, in the folder of the script. In a snippet, $DIR is
/// the run directory, `succeed` leaves the run's record, and every start is a line of starts.txt.
class FakeWorker {
 public:
  explicit FakeWorker(const std::filesystem::path& folder) : folder_(folder) {
    std::filesystem::create_directories(folder_);
    std::ofstream(program()) << R"(#!/bin/sh
HERE=$(dirname "$0")
DIR=$2
NAME=$(basename "$DIR")
succeed() {
  cp "$HERE/weights" "$DIR/weights.safetensors"
  cp "$HERE/$NAME.json" "$DIR/record.tmp" && mv "$DIR/record.tmp" "$DIR/record.json"
}
echo "$NAME $*" >> "$HERE/starts.txt"
. "$HERE/$NAME.sh"
)";
    std::filesystem::permissions(program(), std::filesystem::perms::owner_all);
    std::ofstream(folder_ / "weights") << "weights";
  }

  std::filesystem::path program() const { return folder_ / "worker"; }
  std::filesystem::path folder() const { return folder_; }

  /// A run that does `snippet`.
  PlannedRun run(const std::string& name, const std::string& snippet = "succeed",
                 std::vector<RunId> depends_on = {}) const {
    RunRecord record = tiny_record(name);
    record.weights_sha256 = sha256("weights");
    PlannedRun run;
    run.id = {record.key, record.seed};
    run.experiment.name = record.experiment;
    run.experiment.resolved = record.spec;
    run.experiment.key = record.key;
    run.depends_on = std::move(depends_on);
    const std::string stem = text(run.id).substr(2);
    std::ofstream(folder_ / (stem + ".json")) << to_json(record).dump();
    std::ofstream(folder_ / (stem + ".sh")) << snippet << "\n";
    return run;
  }

  /// Command lines of the starts so far.
  std::vector<std::string> starts() const {
    std::vector<std::string> lines;
    std::ifstream file(folder_ / "starts.txt");
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

 private:
  std::filesystem::path folder_;
};

/// Keeps what it was told.
struct SeenEvents : LaunchObserver {
  void run_started(const PlannedRun& run, size_t, size_t) override {
    started.push_back(run.experiment.name);
    if (on_start) on_start();
  }
  void progress(const PlannedRun&, size_t, size_t, const ProgressUpdate& update) override {
    updates.push_back(update);
  }
  void run_waiting(const PlannedRun& run) override { waited.push_back(run.experiment.name); }
  void run_ended(const PlannedRun&, const ExecutedRun& run) override {
    ended[run.experiment] = run;
  }
  void note(const std::string& message) override { notes.push_back(message); }

  std::vector<std::string> started, waited, notes;
  std::vector<ProgressUpdate> updates;
  std::map<std::string, ExecutedRun> ended;
  std::function<void()> on_start;
};

}  // namespace mra
