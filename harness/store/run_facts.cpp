#include "harness/store/run_facts.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/error.h"
#include "harness/record/grade.h"
#include "harness/record/run_of.h"
#include "harness/spec/inherit.h"

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
        fmt::format("'{}' begins {} runs", prefix, found.size()),
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
  } else if (fs::exists(directory.spec_file(), ignored)) {
    run.update(read_json_file(directory.spec_file()));
    if (fs::exists(directory.environment_file(), ignored))
      run["environment"] = read_json_file(directory.environment_file());
  }
  return run;
}

Json curve_ends(const Json& curves) {
  Json ends = Json::object();
  for (const auto& [name, points] : curves.items())
    if (!points.empty())
      ends[name] = {{"first", points.front()}, {"last", points.back()}, {"points", points.size()}};
  return ends;
}

}  // namespace mra
