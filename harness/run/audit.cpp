#include "harness/run/audit.h"

#include <fmt/format.h>

#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/record/journal.h"
#include "harness/record/run_lock.h"
#include "harness/record/trace.h"
#include "harness/run/run_files.h"
#include "harness/spec/experiment.h"
#include "harness/spec/shallow_json.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

constexpr const char* kRepeat = "repeat the command that made it: it replaces damaged files";
constexpr const char* kRepeatFresh = "harness run --fresh makes the run again";
constexpr const char* kNextAttempt =
    "repeat the command: the next attempt moves the damaged part to a file beside it and goes on";
constexpr const char* kNotNeeded = "move it away: the result of the run does not depend on it";
constexpr const char* kRebuild = "harness db rebuild reads the records of all run directories";

void found(Audit& audit, const fs::path& where, std::string what, std::string cure) {
  audit.problems.emplace_back(ErrorKind::kIntegrity, where.string(), std::move(what),
                              std::move(cure));
}

/// Calls `look` and adds what it throws to the problems.
template <typename Look>
void noting(Audit& audit, const fs::path& where, Look look) {
  try {
    look();
  } catch (const Error& error) {
    audit.problems.push_back(error);
  } catch (const std::exception& error) {
    found(audit, where, fmt::format("cannot be read: {}", error.what()), kRepeat);
  }
}

/// Checks that each line of a journal is a valid event; false, with a problem added, when not.
bool check_lines(Audit& audit, const fs::path& path, bool finished) {
  if (!fs::exists(path)) return true;
  const std::string bytes = read_file(path);
  const auto lines = std::count(bytes.begin(), bytes.end(), '\n');
  const auto events = int64_t(read_journal(path).size());
  const bool torn = !bytes.empty() && bytes.back() != '\n';
  if (events < lines)
    found(audit, path, fmt::format("is damaged after its first {} of {} lines", events, lines),
          finished ? kNotNeeded : kNextAttempt);
  else if (torn)
    found(audit, path, "ends in the middle of a line", finished ? kNotNeeded : kNextAttempt);
  return events == lines && !torn;
}

/// Checks the epochs of the journal against the record. A journal that lost whole lines at its end
/// still looks valid, but every epoch was in it before the record was written.
void check_epochs(Audit& audit, const RunDirectory& directory, const RunRecord& record) {
  const fs::path path = directory.journal_file();
  const auto losses = record.curves.find("train_loss");
  if (!fs::exists(path) || losses == record.curves.end() || losses->second.empty()) return;
  int64_t told = 0;
  for (const JournalEvent& event : read_journal(path))
    if (event.event == "epoch") told = integer_field(event.fields, "epoch");
  if (double(told) < losses->second.back().first)
    found(audit, path,
          fmt::format("has {} of {} epochs: its end is cut off", told, losses->second.back().first),
          kNotNeeded);
}

/// Checks that the journal is whole, belongs to the run of its folder and agrees with the record.
void check_journal(Audit& audit, const RunDirectory& directory, const RunId& id, bool finished,
                   const std::optional<RunRecord>& record) {
  const fs::path path = directory.journal_file();
  if (!check_lines(audit, path, finished)) return;
  if (const std::string other = told_by_another(path, id); !other.empty())
    found(audit, path, "is of run " + other, finished ? kNotNeeded : kNextAttempt);
  else if (record)
    check_epochs(audit, directory, *record);
}

void check_trace(Audit& audit, const RunDirectory& directory, const RunId& id, bool finished) {
  const fs::path path = directory.trace_file();
  if (!check_lines(audit, path, finished)) return;
  if (const std::string other = told_by_another(path, id); !other.empty())
    return found(audit, path, "is of run " + other, finished ? kNotNeeded : kNextAttempt);
  read_trace(path);
  std::string written;
  for (const JournalEvent& event : read_journal(directory.journal_file()))
    if (event.event == "finish") written = text_field(event.fields, "trace_sha256");
  if (!written.empty() && fs::exists(path) && sha256_file(path) != written)
    found(audit, path, "was changed after it was written", kNotNeeded);
}

void check_spec(Audit& audit, const RunDirectory& directory, const RunId& id, bool finished) {
  if (!fs::exists(directory.spec_file())) return;
  const Json request = parse_shallow(read_file(directory.spec_file()));
  const auto own = [&] {
    if (!request.is_object() || request.value("key", Json()) != id.key ||
        request.value("seed", Json()) != id.seed || !request.value("spec", Json()).is_object())
      return false;
    Json identity = request["spec"];
    identity.erase("evaluate");
    return experiment_key(identity) == id.key;
  };
  if (!own())
    found(audit, directory.spec_file(), "does not match the key in the folder's name",
          finished ? kNotNeeded : kRepeat);
}

/// Compares environment.json of a finished run with its record. In a run that is not finished, the
/// next attempt overwrites the file.
void check_environment(Audit& audit, const RunDirectory& directory, const RunRecord& record) {
  const fs::path path = directory.environment_file();
  if (!fs::exists(path)) return;
  const Json told = parse_shallow(read_file(path));
  if (told.is_discarded() || told != record.environment)
    found(audit, path, "differs from the environment in the record", kNotNeeded);
}

/// Checks that a file is there and, with `hash`, that its SHA-256 is the recorded one.
void check_file(Audit& audit, const fs::path& path, const std::string& sha256, bool hash,
                const std::string& cure) {
  if (!fs::is_regular_file(path))
    found(audit, path, "is missing", cure);
  else if (hash && sha256_file(path) != sha256)
    found(audit, path, "does not have the hash that the record gives", cure);
}

void check_judgements(Audit& audit, const RunDirectory& directory, const RunRecord& record,
                      bool hash) {
  for (const Judgement& judgement : record.judgements)
    if (!judgement.picture_file.empty())
      check_file(audit, directory.judged_folder() / judgement.picture_file,
                 judgement.picture_sha256, hash,
                 "remove the .json beside it and repeat the command");
}

void check_row(Audit& audit, const RunDirectory& directory, const RunRecord& record,
               const ResultStore& store) {
  const auto row = store.run({record.key, record.seed});
  if (!row)
    found(audit, directory.record_file(), "is not in the database", kRebuild);
  else if (to_json(*row) != to_json(record))
    found(audit, directory.record_file(), "differs from the database", kRebuild);
}

void check_record(Audit& audit, const RunDirectory& directory, const RunId& id,
                  const RunRecord& record, const ResultStore& store, bool hash) {
  if (RunId{record.key, record.seed} != id)
    return found(audit, directory.record_file(),
                 "is the record of run " + text({record.key, record.seed}),
                 "move it to the folder of that run");
  check_file(audit, directory.path() / record.weights_file, record.weights_sha256, hash,
             kRepeatFresh);
  check_judgements(audit, directory, record, hash);
  noting(audit, directory.environment_file(), [&] { check_environment(audit, directory, record); });
  check_row(audit, directory, record, store);
}

void check_directory(Audit& audit, const RunDirectory& directory, const ResultStore& store,
                     bool hash) {
  const RunId id = id_of(directory);
  const bool finished = fs::exists(directory.record_file());
  std::optional<RunRecord> record;
  noting(audit, directory.record_file(), [&] {
    record = directory.record(&audit.problems);
    if (record) check_record(audit, directory, id, *record, store, hash);
  });
  noting(audit, directory.journal_file(),
         [&] { check_journal(audit, directory, id, finished, record); });
  noting(audit, directory.trace_file(), [&] { check_trace(audit, directory, id, finished); });
  noting(audit, directory.spec_file(), [&] { check_spec(audit, directory, id, finished); });
}

}  // namespace

Audit audit(const fs::path& workspace, const ResultStore& store, bool hash_weights) {
  Audit audit;
  const fs::path database = ResultStore::path_of(workspace);
  for (const std::string& problem : store.problems()) found(audit, database, problem, kRebuild);
  for (const RunDirectory& directory : run_directories(workspace)) {
    if (is_locked(directory)) continue;
    ++audit.directories;
    check_directory(audit, directory, store, hash_weights);
  }
  for (const RunId& id : store.runs())
    if (!fs::exists(RunDirectory::path_of(workspace, id))) ++audit.rows_only;
  return audit;
}

}  // namespace mra
