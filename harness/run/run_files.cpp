#include "harness/run/run_files.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/record/journal.h"
#include "harness/record/run_of.h"
#include "harness/record/set_aside.h"
#include "harness/spec/shallow_json.h"

namespace mra {

namespace fs = std::filesystem;

RunId id_of(const RunDirectory& directory) {
  return run_of(directory.path()).value_or(RunId{});
}

std::string told_by_another(const fs::path& journal, const RunId& id) {
  for (const JournalEvent& event : read_journal(journal)) {
    const std::string run = text_field(event.fields, "run");
    if (event.event == "start" && !run.empty() && run != text(id)) return run;
  }
  return "";
}

std::vector<std::string> clear_the_way(const RunDirectory& directory, const RunId& id) {
  std::vector<std::string> notes;
  const auto clear = [&](const fs::path& path, const std::string& what) {
    notes.push_back(fmt::format("{}: is {}; kept as {}", path.string(), what,
                                set_aside(path).filename().string()));
  };
  const auto clear_unless = [&](const fs::path& path, fs::file_type wanted) {
    const fs::file_type found = fs::status(path).type();
    if (found != wanted && found != fs::file_type::not_found)
      clear(path, wanted == fs::file_type::directory ? "not a folder" : "not a file");
  };
  for (const fs::path& path :
       {directory.spec_file(), directory.environment_file(), directory.patch_file(),
        directory.log_file(), directory.weights_file(), directory.evidence_file(),
        directory.record_file()})
    clear_unless(path, fs::file_type::regular);
  clear_unless(directory.judged_folder(), fs::file_type::directory);
  for (const fs::path& path : {directory.journal_file(), directory.trace_file()})
    if (const std::string other = told_by_another(path, id); !other.empty())
      clear(path, "of run " + other);
  return notes;
}

std::optional<RunRecord> whole_record(const RunDirectory& directory, const RunId& id,
                                      const std::function<void(const std::string&)>& note) {
  try {
    std::vector<Error> damaged;
    auto record = directory.record(&damaged);
    if (!record) return record;
    const RunId found{record->key, record->seed};
    check(found == id, ErrorKind::kIntegrity, directory.record_file().string(),
          "is the record of run " + text(found), "move it to the folder of that run");
    for (const Error& error : damaged)
      note(fmt::format("{}: {}; {}", error.where, error.what_happened,
                       error.where == directory.evidence_file() ? "the run counts without it"
                                                                : "it is judged again"));
    return record;
  } catch (const Error& error) {
    if (error.kind != ErrorKind::kIntegrity) throw;
    const fs::path aside = set_aside(directory.record_file());
    note(fmt::format("{}: {}; kept as {}, and the run is repeated", error.where,
                     error.what_happened, aside.filename().string()));
    return std::nullopt;
  }
}

Json inputs_in(const RunDirectory& directory) {
  const auto read = [](const fs::path& path) {
    return fs::is_regular_file(path) ? parse_shallow(read_file(path)) : Json();
  };
  const Json record = read(directory.record_file());
  if (record.is_object() && record.contains("environment")) return inputs_of(record["environment"]);
  return inputs_of(read(directory.environment_file()));
}

static std::string kept_prefix(const RunDirectory& directory) {
  return directory.path().filename().string() + ".inputs-";
}

static fs::path kept_name(const RunDirectory& directory, const Json& inputs) {
  const fs::path name = directory.path().parent_path() /
                        (kept_prefix(directory) + sha256(inputs.dump()).substr(0, 8));
  fs::path target = name;
  for (int i = 2; fs::exists(target); ++i) target = fmt::format("{}-{}", name.string(), i);
  return target;
}

fs::path keep_beside(const RunDirectory& directory) {
  fs::path target = kept_name(directory, inputs_in(directory));
  fs::rename(directory.path(), target);
  return target;
}

void keep_record_beside(const RunDirectory& directory, const RunRecord& record) {
  const RunDirectory kept(kept_name(directory, inputs_of(record.environment)));
  fs::create_directories(kept.path());
  if (!record.evidence.empty()) write_file_atomically(kept.evidence_file(), record.evidence);
  write_file_atomically(kept.record_file(), to_json(record).dump(1) + "\n");
}

bool take_back(const RunDirectory& directory, const Inputs& present) {
  for (const auto& entry : fs::directory_iterator(directory.path().parent_path())) {
    const RunDirectory kept(entry.path());
    if (!entry.path().filename().string().starts_with(kept_prefix(directory)) ||
        !fs::exists(kept.record_file()) || !present.difference(inputs_in(kept)).empty())
      continue;
    std::error_code taken;  // set when another process has made the folder meanwhile
    fs::rename(kept.path(), directory.path(), taken);
    return !taken;
  }
  return false;
}

fs::path move_aside(const RunDirectory& directory) {
  std::string stamp = utc_now();
  std::erase_if(stamp, [](char letter) { return letter == '-' || letter == ':'; });
  fs::path target = directory.path().string() + ".old-" + stamp;
  for (int i = 2; fs::exists(target); ++i)
    target = fmt::format("{}.old-{}-{}", directory.path().string(), stamp, i);
  fs::rename(directory.path(), target);
  return target;
}

}  // namespace mra
