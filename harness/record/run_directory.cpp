#include "harness/record/run_directory.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/record/evidence.h"
#include "harness/record/journal.h"
#include "harness/record/run_lock.h"
#include "harness/record/run_of.h"
#include "harness/record/runs_folder.h"
#include "harness/spec/shallow_json.h"

namespace mra {

namespace fs = std::filesystem;

std::string text(const RunId& id) {
  return fmt::format("{}-s{}", id.key, id.seed);
}

const char* name(RunState state) {
  switch (state) {
    case RunState::kPending:
      return "pending";
    case RunState::kRunning:
      return "running";
    case RunState::kInterrupted:
      return "interrupted";
    case RunState::kFailed:
      return "failed";
    case RunState::kDone:
      return "done";
  }
  return "pending";
}

fs::path RunDirectory::path_of(const fs::path& workspace, const RunId& id) {
  const std::string name = text(id);
  return runs_folder(workspace) / name.substr(0, 2) / name.substr(2);
}

static Json read_whole_json(const fs::path& path, const char* cure) {
  const Json json = parse_shallow(read_file(path));
  check(!json.is_discarded(), ErrorKind::kIntegrity, path.string(), "is not JSON", cure);
  return json;
}

namespace {

/// SHA-256 of the result files, from the journal, whose lines have checksums. It is missing when
/// the program crashed right after writing a file, or when an older program wrote it.
struct WrittenHashes {
  std::string record;
  std::map<std::string, std::string> judgements;  ///< by id
};

}  // namespace

static WrittenHashes written_hashes(const fs::path& journal) {
  WrittenHashes hashes;
  for (const JournalEvent& event : read_journal(journal)) {
    if (event.event == "start") hashes = {};  // the new attempt writes another record
    if (event.event == "finish") hashes.record = text_field(event.fields, "record_sha256");
    if (event.event == "judged")
      hashes.judgements[text_field(event.fields, "judgement")] = text_field(event.fields, "sha256");
  }
  return hashes;
}

static void check_hash(const fs::path& path, const std::string& expected, const char* cure) {
  check(expected.empty() || sha256_file(path) == expected, ErrorKind::kIntegrity, path.string(),
        "was changed after it was written", cure);
}

static Judgement read_judgement(const fs::path& path, const std::string& weights_sha256,
                                const WrittenHashes& written) {
  const char* cure = "remove the file and repeat the command that needs it";
  const auto hash = written.judgements.find(path.stem().string());
  if (hash != written.judgements.end()) check_hash(path, hash->second, cure);
  Judgement judgement = judgement_from_json(read_whole_json(path, cure), path.string());
  check(judgement_id(judgement.evaluator, judgement.options) == path.stem(), ErrorKind::kIntegrity,
        path.string(), "holds a judgement other than its name says", cure);
  check(judgement.weights_sha256 == weights_sha256, ErrorKind::kIntegrity, path.string(),
        "judges weights other than those of the record", cure);
  return judgement;
}

/// The content of the file that the record lists.
static std::string read_evidence(const fs::path& path, const RunRecord& record) {
  const char* cure =
      "the figures stay as they are; harness run --fresh makes the run again, with its evidence";
  check(fs::exists(path), ErrorKind::kIntegrity, path.string(), "is gone", cure);
  check_hash(path, record.evidence_sha256, cure);
  std::string bytes = read_file(path);
  check_evidence(evidence_from_bytes(bytes, path.string()), record, path.string());
  return bytes;
}

static std::vector<fs::path> json_files(const fs::path& folder) {
  std::vector<fs::path> paths;
  std::error_code absent;
  for (const auto& entry : fs::directory_iterator(folder, absent))
    if (entry.path().extension() == ".json") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::optional<RunRecord> RunDirectory::record(std::vector<Error>* damaged) const {
  if (!fs::exists(record_file())) return std::nullopt;
  const char* cure = "remove the file and repeat the run";
  RunRecord record = record_from_json(read_whole_json(record_file(), cure), record_file().string());
  const WrittenHashes written = written_hashes(journal_file());
  check_hash(record_file(), written.record, cure);
  const auto take = [&](auto read) {
    try {
      read();
    } catch (const Error& error) {
      if (error.kind != ErrorKind::kIntegrity) throw;  // unreadable is not damaged
      if (damaged) damaged->push_back(error);
    }
  };
  if (!record.evidence_sha256.empty())
    take([&] { record.evidence = read_evidence(evidence_file(), record); });
  for (const fs::path& path : json_files(judged_folder()))
    take(
        [&] { record.judgements.push_back(read_judgement(path, record.weights_sha256, written)); });
  return record;
}

RunState RunDirectory::state() const {
  if (fs::exists(record_file())) return RunState::kDone;
  if (is_locked(*this)) return RunState::kRunning;
  const auto events = read_journal(journal_file());
  if (!events.empty() && events.back().event == "fail") return RunState::kFailed;
  if (!events.empty() || fs::exists(checkpoint_file())) return RunState::kInterrupted;
  return RunState::kPending;
}

std::string RunDirectory::reason() const {
  const auto events = read_journal(journal_file());
  return events.empty() ? "" : failure_text(events.back());
}

static std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory()) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<RunDirectory> run_directories(const fs::path& workspace) {
  std::vector<RunDirectory> directories;
  if (!fs::exists(runs_folder(workspace))) return directories;
  for (const fs::path& prefix : sorted_entries(runs_folder(workspace)))
    for (const fs::path& path : sorted_entries(prefix))
      if (run_of(path)) directories.emplace_back(path);
  return directories;
}

}  // namespace mra
