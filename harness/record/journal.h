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
  /// start, resume, epoch, warning, stop, fail, finish; died: written by `harness` for a worker
  /// that died without an event
  std::string event;
  Json fields;  ///< an object with the event's data; of "fail": kind, cause, where, what, cure
};

/// Appends events to a journal. Each is a JSON line with sequence number and checksum, and is on
/// disk before append() returns. Opening a journal repairs it: bytes after the last valid line
/// (from a power loss, say) are moved to a file "….damaged", and an event "warning" reports it. A
/// folder with the journal's name is moved away in the same way.
class JournalWriter {
 public:
  explicit JournalWriter(const std::filesystem::path& path);
  ~JournalWriter();
  JournalWriter(const JournalWriter&) = delete;
  JournalWriter& operator=(const JournalWriter&) = delete;

  /// Throws an IoError when a write fails, as on a full disk. The journal then stays as it was.
  void append(const std::string& event, const Json& fields);

 private:
  void cut_off(int64_t whole_bytes);

  int descriptor_ = -1;
  std::optional<int64_t> torn_at_;  ///< start of a half-written line that could not be removed
  int64_t next_sequence_ = 1;
  std::filesystem::path path_;
};

/// Returns the text in a field of an event; empty when the field is absent or not a text.
std::string text_field(const Json& fields, const char* field);
/// Returns the integer in a field of an event; 0 when the field is absent or not an integer.
int64_t integer_field(const Json& fields, const char* field);

/// Returns why a run ended, from its event "fail" or "died": "where: what (cause)".
std::string failure_text(const JournalEvent& event);

/// Returns the events, oldest first; none when the journal is absent or is a folder. Stops at the
/// first line that is incomplete, out of sequence or has a wrong checksum.
std::vector<JournalEvent> read_journal(const std::filesystem::path& path);

}  // namespace mra
