#pragma once

#include <cstdlib>
#include <fstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/cli/run_cli.h"
#include "harness/record/evidence.h"
#include "harness/spec/library.h"
#include "harness/store/result_store.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_run.h"

namespace mra {

struct Answer {
  int code = 0;
  std::string out, err;
  Json json() const { return Json::parse(out); }
};

/// The program on a workspace of its own, with the experiments of the source tree.
class RunCli : public ::testing::Test {
 protected:
  RunCli() { setenv("HARNESS_EXPERIMENTS", HARNESS_SOURCE_DIR "/experiments", 1); }
  ~RunCli() override { unsetenv("HARNESS_EXPERIMENTS"); }

  Answer harness(std::vector<const char*> words) {
    words.insert(words.begin(), "harness");
    const std::string workspace = folder_.path() / "out";
    words.insert(words.end(), {"--workspace", workspace.c_str()});
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int code = run_cli(int(words.size()), words.data());
    Answer answer{code, "", ::testing::internal::GetCapturedStderr()};
    answer.out = ::testing::internal::GetCapturedStdout();
    return answer;
  }

  std::filesystem::path workspace() const { return folder_.path() / "out"; }

  /// A finished run of a table's row with this seed, in its directory and in the database.
  /// `right`: which pictures it got right; empty: it keeps no evidence.
  RunRecord finish_run(const std::string& table, const std::string& row, int64_t seed, double top1,
                       const std::vector<bool>& right = {}) {
    RunRecord record = tiny_record(row, seed, top1);
    record.experiment = table + "/" + row;
    const SpecLibrary library(HARNESS_SOURCE_DIR "/experiments");
    for (const TableRow& candidate : library.table(table, "smoke").rows)
      if (candidate.name() == row) record.spec = candidate.experiments.at(0).resolved;
    record.key = experiment_key(record.spec);
    const RunDirectory run(RunDirectory::path_of(workspace(), {record.key, record.seed}));
    std::filesystem::create_directories(run.path());
    if (!right.empty()) {
      const std::string dataset = record.spec.at("dataset").at("name");
      record.evidence =
          to_bytes({dataset, "manifest", "val", int64_t(right.size()), {{"top1", right}}});
      record.evidence_sha256 = sha256(record.evidence);
      write_file_atomically(run.evidence_file(), record.evidence);
    }
    std::ofstream(run.record_file()) << to_json(record);
    ResultStore(ResultStore::path_of(workspace())).ingest(record);
    return record;
  }

  TempDir folder_;
};

}  // namespace mra
