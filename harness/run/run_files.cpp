#include "harness/run/run_files.h"

#include <algorithm>
#include <thread>

#include <fmt/format.h>

#include "harness/base/disk.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/record/journal.h"
#include "harness/record/run_of.h"
#include "harness/record/set_aside.h"

namespace mra {

namespace fs = std::filesystem;

RunId id_of(const RunDirectory& directory) {
  return run_of(directory.path()).value_or(RunId{});
}

void write_spec(const RunDirectory& directory, const PlannedRun& run) {
  Json spec = run.experiment.resolved;
  // Not part of the identity, but the worker has to know how to judge the model.
  if (!run.experiment.evaluate.empty()) spec["evaluate"] = Json::array();
  for (const NamedOptions& entry : run.experiment.evaluate)
    spec["evaluate"].push_back({{entry.name, entry.options}});
  const Json request = {{"key", run.id.key},
                        {"seed", run.id.seed},
                        {"experiment", run.experiment.name},
                        {"spec", spec}};
  write_file_atomically(directory.spec_file(), request.dump(1) + "\n");
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
      clear(path, wanted == fs::file_type::directory ? "no folder" : "no file");
  };
  for (const fs::path& path :
       {directory.spec_file(), directory.environment_file(), directory.patch_file(),
        directory.log_file(), directory.weights_file(), directory.record_file()})
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
      note(fmt::format("{}: {}; it is judged again", error.where, error.what_happened));
    return record;
  } catch (const Error& error) {
    if (error.kind != ErrorKind::kIntegrity) throw;
    const fs::path aside = set_aside(directory.record_file());
    note(fmt::format("{}: {}; kept as {}, and the run is repeated", error.where,
                     error.what_happened, aside.filename().string()));
    return std::nullopt;
  }
}

/// The weights of a recorded run, checked against the record.
static fs::path recorded_weights(const RunId& id, const ResultStore& store,
                                 const fs::path& workspace) {
  const auto record = store.run(id);
  check(record.has_value(), ErrorKind::kIntegrity, text(id), "is not in the database",
        "repeat the command");
  const fs::path path = RunDirectory::path_of(workspace, id) / record->weights_file;
  const std::string cure = "repeat the command with --fresh to make them again";
  check(fs::is_regular_file(path), ErrorKind::kIntegrity, path.string(),
        "the weights this run starts from are gone", cure);
  check(sha256_file(path) == record->weights_sha256, ErrorKind::kIntegrity, path.string(),
        "the weights this run starts from are not those of their record", cure);
  return path;
}

std::vector<std::string> worker_arguments(const RunDirectory& directory, const PlannedRun& run,
                                          const ResultStore& store, const LaunchOptions& options) {
  const int cores = int(std::max(1u, std::thread::hardware_concurrency()));
  const int threads = options.threads > 0 ? options.threads : std::max(1, cores / options.jobs);
  std::vector<std::string> arguments = {options.worker.string(),
                                        run.trains() ? "execute" : "judge",
                                        directory.path().string(),
                                        "--device",
                                        options.device,
                                        "--threads",
                                        std::to_string(threads),
                                        "--loader-threads",
                                        std::to_string(options.loader_threads)};
  for (const fs::path& data_dir : options.data_dirs)
    arguments.insert(arguments.end(), {"--data-dir", data_dir.string()});
  for (const RunId& id : run.depends_on)
    arguments.insert(
        arguments.end(),
        {"--input", id.key + "=" + recorded_weights(id, store, options.workspace).string()});
  for (const NamedOptions& judge : run.judges)
    arguments.insert(arguments.end(), {"--judge", Json{{judge.name, judge.options}}.dump()});
  return arguments;
}

void check_free_space(const fs::path& workspace, int64_t min_free_bytes) {
  check_room(workspace, min_free_bytes, "a run");
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
