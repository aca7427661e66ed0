#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// One line of a journal: what happened to a run.
struct JournalEvent {
  int64_t sequence = 0;
  std::string time_utc;
  /// start, resume, epoch, warning, stop, fail, finish; died: written by `harness` when the worker
  /// could not
  std::string event;
  Json fields;  ///< what belongs to the event, an object; fail: kind, cause, where, what, cure
};

/// Appends events to a journal. Each is a JSON line with sequence number and checksum, and is on
/// disk before append() returns. Opening a journal repairs it: bytes after the last whole line
/// (from a power loss, say) are moved to a file "….damaged", and the event "warning" says so. A
/// folder or another thing that is not a file and has the journal's name is moved away in the same
/// way.
class JournalWriter {
 public:
  explicit JournalWriter(const std::filesystem::path& path);
  ~JournalWriter();
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  /// A full disk or another trouble of writing is an IoError; the journal stays as it was.
  void append(const std::string& event, const Json& fields);

 private:
  void cut_off(int64_t whole_bytes);

  int descriptor_ = -1;
  std::optional<int64_t> torn_at_;  ///< start of a half-written line that could not be removed
  int64_t next_sequence_ = 1;
  std::filesystem::path path_;
};

/// A text among the fields of an event; empty when it is absent or no text.
std::string text_field(const Json& fields, const char* field);
/// An integer among them; 0 when it is absent or none.
int64_t integer_field(const Json& fields, const char* field);

/// Why a run ended, from its event "fail" or "died": "where: what (cause)", as far as it tells.
std::string failure_text(const JournalEvent& event);

/// All whole events, oldest first; none when the journal is absent or is a folder. Reading stops at
/// the first line that is incomplete, out of sequence or has a wrong checksum; the events before
/// that line are returned.
std::vector<JournalEvent> read_journal(const std::filesystem::path& path);

}  // namespace mra
