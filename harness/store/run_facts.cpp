#include "harness/store/run_facts.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/record/grade.h"
#include "harness/record/journal.h"
#include "harness/record/run_of.h"
#include "harness/spec/inherit.h"
#include "harness/spec/shallow_json.h"
#include "harness/store/spec_difference.h"

namespace mra {

namespace fs = std::filesystem;

std::vector<RunId> known_runs(const fs::path& workspace, const ResultStore& store) {
  std::vector<RunId> ids = store.runs();
  for (const RunDirectory& run : run_directories(workspace)) ids.push_back(*run_of(run.path()));
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

RunId find_run(const fs::path& workspace, const ResultStore& store, const std::string& prefix) {
  const std::vector<RunId> known = known_runs(workspace, store);
  std::vector<RunId> found;
  std::vector<std::string> names;
  for (const RunId& id : known) {
    if (text(id) == prefix) return id;
    if (!text(id).starts_with(prefix)) continue;
    found.push_back(id);
    if (names.size() < 8) names.push_back(text(id));
  }
  check(!found.empty(), ErrorKind::kUsage, workspace.string(),
        fmt::format("no run begins with '{}'", prefix),
        known.empty() ? "nothing has run in this workspace; see --workspace"
                      : "harness list shows the keys");
  check(found.size() == 1, ErrorKind::kUsage, workspace.string(),
        fmt::format("'{}' fits {} runs", prefix, found.size()),
        fmt::format("write more digits of one: {}{}", fmt::join(names, ", "),
                    found.size() > names.size() ? ", …" : ""));
  return found.front();
}

static Json files_json(const RunDirectory& directory) {
  Json files = Json::array();
  std::error_code ignored;
  for (const auto& file : fs::directory_iterator(directory.path(), ignored))
    if (file.is_regular_file(ignored))
      files.push_back({{"name", file.path().filename()}, {"bytes", file.file_size(ignored)}});
  std::sort(files.begin(), files.end());
  return files;
}

/// How far a run is that has no record yet; null before its first epoch is done.
static Json progress_json(const std::vector<JournalEvent>& events) {
  const JournalEvent *first = nullptr, *last = nullptr;  // epochs of the latest attempt
  Json progress;
  for (const JournalEvent& event : events) {
    if (event.event == "start") first = nullptr;
    if (event.event != "epoch") continue;
    if (!first) first = &event;
    last = &event;
  }
  if (!last) return progress;
  const int64_t epoch = integer_field(last->fields, "epoch");
  const int64_t epochs = integer_field(last->fields, "epochs");
  progress = {{"epoch", epoch},
              {"epochs", epochs},
              {"loss", last->fields.value("train_loss", Json())},
              {"images_per_s", last->fields.value("images_per_s", Json())},
              {"data_wait_frac", last->fields.value("data_wait_frac", Json())},
              {"left_s", nullptr}};
  if (!first || first == last) return progress;
  const auto begin = utc_seconds(first->time_utc), end = utc_seconds(last->time_utc);
  const int64_t done = epoch - integer_field(first->fields, "epoch");
  if (begin && end && done > 0)
    progress["left_s"] = (*end - *begin) / double(done) * double(epochs - epoch);
  return progress;
}

/// Moves the time that the run waited for pictures from the environment to the other costs.
static void take_wait(Json& run) {
  const auto waited = run["environment"].find("data_wait_s");
  if (waited == run["environment"].end()) return;
  run["data_wait_s"] = *waited;
  run["environment"].erase(waited);
}

Json run_facts(const fs::path& workspace, const ResultStore& store, const RunId& id) {
  const RunDirectory directory(RunDirectory::path_of(workspace, id));
  auto record = directory.record();
  if (!record) record = store.run(id);
  Json run = {{"key", id.key},
              {"seed", id.seed},
              {"state", record ? name(RunState::kDone) : name(directory.state())},
              {"reason", record ? store.outdated(id) : directory.reason()},
              {"directory", directory.path().string()},
              {"files", files_json(directory)}};
  std::error_code ignored;
  if (record) {
    run.update(to_json(*record));
    run.erase("format");
    run["grade"] = name(grade_of(*record));
    take_wait(run);
  } else if (fs::exists(directory.spec_file(), ignored)) {
    run.update(read_json_file(directory.spec_file()));
    if (fs::exists(directory.environment_file(), ignored))
      run["environment"] = read_json_file(directory.environment_file());
  }
  if (!record) run["progress"] = progress_json(read_journal(directory.journal_file()));
  return run;
}

Json curve_ends(const Json& curves) {
  Json ends = Json::object();
  for (const auto& [name, points] : curves.items())
    if (!points.empty())
      ends[name] = {{"first", points.front()}, {"last", points.back()}, {"points", points.size()}};
  return ends;
}

/// Every value of one side or both that is not the same on both, by JSON pointer; a side that lacks
/// it is left out of the entry.
static Json differences(const Json& left, const Json& right) {
  const Json flat_left = left.flatten(), flat_right = right.flatten();
  Json found = Json::array();
  for (const std::string& pointer : differing_pointers(flat_left, flat_right)) {
    Json entry = {{"pointer", pointer}};
    if (flat_left.contains(pointer)) entry["left"] = flat_left[pointer];
    if (flat_right.contains(pointer)) entry["right"] = flat_right[pointer];
    found.push_back(entry);
  }
  return found;
}

/// The environment without what no two runs share: the words its worker was started with hold the
/// run's own directory. Those of `harness` are one text.
static Json environment_of(const Json& run) {
  Json environment = run.value("environment", Json::object());
  environment.erase("command_line");
  const Json::json_pointer words("/started_by/command_line");
  if (environment.contains(words)) environment[words] = joined(environment[words]);
  return environment;
}

/// {"name", "left", "right", "difference"}: right minus left where both are numbers.
static Json numbers(const std::string& name, const Json& left, const Json& right) {
  Json entry = {{"name", name}, {"left", left}, {"right", right}, {"difference", nullptr}};
  if (left.is_number() && right.is_number())
    entry["difference"] = right.get<double>() - left.get<double>();
  return entry;
}

/// Metrics of either run, equal ones too.
static Json metric_numbers(const Json& left, const Json& right) {
  Json all = left;
  all.update(right);
  Json entries = Json::array();
  for (const auto& [name, value] : all.items())
    entries.push_back(numbers(name, left.value(name, Json()), right.value(name, Json())));
  return entries;
}

Json comparison(const Json& left, const Json& right) {
  const auto part = [](const Json& run, const char* name) {
    Json found = run.contains(name) ? run[name] : Json::object();
    found.erase("evaluate");  // of a spec: not in records, as it is no part of the identity
    return found;
  };
  Json cost = Json::array();
  for (const char* name : {"wall_s", "cpu_s", "data_wait_s", "peak_memory_bytes", "attempts"})
    cost.push_back(numbers(name, left.value(name, Json()), right.value(name, Json())));
  Json runs = Json::array();
  for (const Json* run : {&left, &right}) {
    Json& entry = runs.emplace_back(Json::object());
    for (const char* name : {"key", "seed", "experiment", "state", "started_utc", "directory"})
      if (run->contains(name)) entry[name] = (*run)[name];
  }
  return {{"runs", runs},
          {"spec", differences(part(left, "spec"), part(right, "spec"))},
          {"environment", differences(environment_of(left), environment_of(right))},
          {"metrics", metric_numbers(part(left, "metrics"), part(right, "metrics"))},
          {"cost", cost}};
}

}  // namespace mra
