#include "harness/record/journal.h"

#include <cerrno>
#include <optional>

#include <fcntl.h>
#include <unistd.h>

#include "harness/base/disk.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/record/failure_cause.h"
#include "harness/record/set_aside.h"
#include "harness/spec/shallow_json.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

/// The valid events at the beginning of a journal and their length in bytes.
struct WholePart {
  std::vector<JournalEvent> events;
  size_t bytes = 0;
};

}  // namespace

// Replaces text that is not UTF-8 (a file name in a message) rather than lose the event.
static std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

static std::string checksum(const Json& line) {
  return sha256("mra-harness/journal/v1\n" + dump(line)).substr(0, 12);
}

static std::optional<JournalEvent> parse_line(std::string_view text, int64_t sequence) {
  Json line = parse_shallow(text);
  const auto is_text = [&](const char* key) { return line.contains(key) && line[key].is_string(); };
  if (!line.is_object() || !is_text("check") || !is_text("time") || !is_text("event"))
    return std::nullopt;
  const Json check = line["check"];
  line.erase("check");
  if (check != checksum(line) || line.value("sequence", Json()) != sequence) return std::nullopt;
  Json fields = line.value("fields", Json::object());
  if (!fields.is_object()) return std::nullopt;
  return JournalEvent{sequence, line["time"], line["event"], std::move(fields)};
}

static WholePart whole_part(std::string_view bytes) {
  WholePart whole;
  for (size_t end; (end = bytes.find('\n', whole.bytes)) != std::string_view::npos;) {
    auto event =
        parse_line(bytes.substr(whole.bytes, end - whole.bytes), int64_t(whole.events.size()) + 1);
    if (!event) break;
    whole.events.push_back(std::move(*event));
    whole.bytes = end + 1;
  }
  return whole;
}

[[noreturn]] static void fail_writing(const fs::path& path, int error_number) {
  fail_io(path, "cannot be written", error_number);
}

/// Appends all of `text` and flushes it to disk. Returns 0, or the errno of what failed.
static int append_durably(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return written < 0 ? errno : ENOSPC;
    text.remove_prefix(size_t(written));
  }
  return ::fsync(descriptor) == 0 ? 0 : errno;
}

JournalWriter::JournalWriter(const fs::path& path) : path_(path) {
  fs::path aside;
  if (fs::exists(path) && !fs::is_regular_file(path)) aside = set_aside(path);
  const std::string bytes = fs::exists(path) ? read_file(path) : "";
  const WholePart whole = whole_part(bytes);
  const std::string tail = bytes.substr(whole.bytes);
  if (!tail.empty()) write_file_atomically(aside = name_aside(path), tail);
  descriptor_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (descriptor_ < 0) fail_writing(path_, errno);
  try {
    if (!tail.empty()) cut_off(int64_t(whole.bytes));
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
  next_sequence_ = int64_t(whole.events.size()) + 1;
  if (aside.empty()) return;
  try {
    append("warning",
           {{"text", tail.empty() ? "this was not a file and was moved away; a new journal begins"
                                  : "the damaged end of the journal was moved to a file beside it"},
            {"file", path.filename().string()},
            {"bytes", tail.size()},
            {"kept_as", aside.filename().string()}});
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

JournalWriter::~JournalWriter() {
  ::close(descriptor_);
}

void JournalWriter::append(const std::string& event, const Json& fields) {
  Json line = {
      {"sequence", next_sequence_}, {"time", utc_now()}, {"event", event}, {"fields", fields}};
  // A reader checks the bytes in the file, so the checksum covers the fields as they are written.
  line = Json::parse(dump(line));
  line["check"] = checksum(line);
  const std::string text = dump(line) + '\n';
  if (torn_at_) cut_off(*torn_at_);
  const int64_t before = ::lseek(descriptor_, 0, SEEK_END);
  if (const int error_number = append_durably(descriptor_, text); error_number != 0) {
    if (::ftruncate(descriptor_, off_t(before)) != 0) torn_at_ = before;
    fail_writing(path_, error_number);
  }
  ++next_sequence_;
}

// Readers stop at a broken line, so they would never see events appended after it.
void JournalWriter::cut_off(int64_t whole_bytes) {
  if (::ftruncate(descriptor_, off_t(whole_bytes)) != 0) fail_writing(path_, errno);
  torn_at_.reset();
}

std::string text_field(const Json& fields, const char* field) {
  const auto found = fields.find(field);
  return found != fields.end() && found->is_string() ? found->get<std::string>() : "";
}

int64_t integer_field(const Json& fields, const char* field) {
  const auto found = fields.find(field);
  return found != fields.end() && found->is_number_integer() ? found->get<int64_t>() : 0;
}

std::string failure_text(const JournalEvent& event) {
  const std::string where = text_field(event.fields, "where");
  const std::string what = text_field(event.fields, "what");
  const auto cause = failure_cause(text_field(event.fields, "cause"));
  return (where.empty() ? "" : where + ": ") + what + (cause ? " (" + words(*cause) + ")" : "");
}

std::vector<JournalEvent> read_journal(const fs::path& path) {
  if (!fs::is_regular_file(path)) return {};
  return whole_part(read_file(path)).events;
}

}  // namespace mra
