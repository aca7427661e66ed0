#include <fstream>

#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/cli/capsule_file.h"
#include "harness/record/evidence.h"
#include "harness/record/journal.h"
#include "harness/record/run_directory.h"
#include "harness/record/trace.h"
#include "harness/run/progress_line.h"
#include "harness/spec/experiment.h"
#include "tests/fuzz/target.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_run.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

void write(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::optional<Json> object_of(std::string_view text) {
  if (std::count(text.begin(), text.end(), '[') + std::count(text.begin(), text.end(), '{') > 500)
    return std::nullopt;  // it may be too deep to be written again
  Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return std::nullopt;
  return json;
}

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

/// A whole journal: what its reader takes must still be there after a writer went on with it.
void fuzz_journal(std::string_view bytes) {
  const TempDir folder;
  const RunDirectory directory(folder.path());
  const fs::path path = directory.journal_file();
  write(path, bytes);
  const std::vector<JournalEvent> before = read_journal(path);
  directory.state();
  directory.reason();
  JournalWriter(path).append("warning", {{"what", "read"}});
  const std::vector<JournalEvent> after = read_journal(path);
  // A writer that cuts something off tells of it first.
  must(after.size() == before.size() + 1 || after.size() == before.size() + 2,
       "an event was lost, or was not appended");
  must(text_of(after.back().fields) == text_of(Json{{"what", "read"}}), "not what was appended");
  for (size_t i = 0; i < before.size(); ++i)
    must(text_of(after[i].fields) == text_of(before[i].fields), "an event was changed");
}

/// Numbers the lines and gives each its checksum.
std::string repair_journal(std::string_view bytes) {
  std::string repaired;
  int64_t sequence = 0;
  for (size_t begin = 0; begin < bytes.size();) {
    const size_t end = std::min(bytes.find('\n', begin), bytes.size());
    const std::string_view line = bytes.substr(begin, end - begin);
    if (auto json = object_of(line)) {
      json->erase("check");
      (*json)["sequence"] = ++sequence;
      (*json)["check"] = sha256("mra-harness/journal/v1\n" + text_of(*json)).substr(0, 12);
      repaired += text_of(*json);
    } else {
      repaired += line;
    }
    repaired += '\n';
    begin = end + 1;
  }
  return repaired;
}

/// record.json of a run.
void fuzz_record(std::string_view bytes) {
  const TempDir folder;
  const RunDirectory directory(folder.path());
  write(directory.record_file(), bytes);
  reads_or_refuses(ErrorKind::kIntegrity, [&] {
    const auto record = directory.record();
    must(record.has_value(), "a record that is neither read nor refused");
    const Json again = to_json(*record);
    must(to_json(record_from_json(again, "again")) == again, "a record that changes when written");
  });
}

/// The key that belongs to the spec.
std::string repair_record(std::string_view bytes) {
  auto json = object_of(bytes);
  if (!json || !json->contains("spec") || !(*json)["spec"].is_object()) return std::string(bytes);
  Json spec = (*json)["spec"];
  for (const char* key : {"name", "note", "seeds", "evaluate"}) spec.erase(key);
  (*json)["key"] = sha256("mra-harness/spec/v1\n" + text_of(spec)).substr(0, 16);
  return text_of(*json);
}

/// What a replay is compared with.
void fuzz_trace(std::string_view bytes) {
  const TempDir folder;
  write(folder / "trace.jsonl", bytes);
  reads_or_refuses(ErrorKind::kIntegrity, [&] {
    const Trace trace = read_trace(folder / "trace.jsonl");
    must(!compare(trace, trace).first_step, "a trace that differs from itself");
  });
}

/// A judgement beside the record of a run.
void fuzz_judgement(std::string_view bytes) {
  const TempDir folder;
  const RunDirectory directory(folder.path());
  write(directory.record_file(), text_of(to_json(tiny_record("resnet18"))));
  fs::create_directory(directory.judged_folder());
  const std::string id = id_of(tiny_judgement());
  write(directory.judgement_file(id), bytes);
  std::vector<Error> damaged;
  const auto record = directory.record(&damaged);
  must(record && record->judgements.size() + damaged.size() == 1, "a judgement went lost");
  for (const Error& error : damaged)
    reads_or_refuses(ErrorKind::kIntegrity, [&] { throw Error(error); });
}

/// Which pictures a model got right.
void fuzz_evidence(std::string_view bytes) {
  reads_or_refuses(ErrorKind::kIntegrity, [&] {
    const Evidence evidence = evidence_from_bytes(bytes, "file");
    const Evidence again = evidence_from_bytes(to_bytes(evidence), "again");
    must(again.right == evidence.right, "evidence that changes when written");
  });
}

/// Results that somebody handed over.
void fuzz_capsule(std::string_view bytes) {
  const std::vector<char> copy(bytes.begin(), bytes.end());  // a sanitizer sees every byte past it
  reads_or_refuses(ErrorKind::kIntegrity, [&] {
    const Capsule capsule = capsule_from_bytes(std::as_bytes(std::span(copy)), "file");
    const std::string again = to_bytes(capsule);
    must(capsule_from_bytes(std::as_bytes(std::span(again)), "again").files == capsule.files,
         "a capsule that changes when written");
  });
}

/// What a worker prints about its progress.
void fuzz_progress(std::string_view bytes) {
  for (size_t begin = 0; begin <= bytes.size();) {
    const size_t end = std::min(bytes.find('\n', begin), bytes.size());
    parse_progress(bytes.substr(begin, end - begin));
    begin = end + 1;
  }
}

}  // namespace mra
