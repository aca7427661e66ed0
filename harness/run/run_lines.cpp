#include "harness/run/run_lines.h"

#include <algorithm>
#include <ctime>

#include "harness/base/file.h"
#include "harness/record/journal.h"
#include "harness/run/garbage.h"
#include "harness/spec/inherit.h"
#include "harness/store/run_facts.h"

namespace mra {

namespace fs = std::filesystem;

/// Seconds since a time as of utc_now(); nothing when it is none.
static std::optional<double> age_of(const std::string& time_utc) {
  const auto seconds = utc_seconds(time_utc);
  if (!seconds) return std::nullopt;
  return std::max(0.0, double(std::time(nullptr)) - *seconds);
}

static RunLine line_of(const fs::path& workspace, const ResultStore& store, const RunId& id) {
  const RunDirectory directory(RunDirectory::path_of(workspace, id));
  RunLine line{id, "", name(directory.state()), "", std::nullopt, bytes_of(directory.path())};
  Json spec;
  if (const auto record = store.run(id)) {
    line.experiment = record->experiment;
    line.state = name(RunState::kDone);
    line.age_s = age_of(record->started_utc);
    spec = record->spec;
  } else {
    const auto events = read_journal(directory.journal_file());
    if (!events.empty()) line.age_s = age_of(events.back().time_utc);
    if (fs::is_regular_file(directory.spec_file())) {
      const Json request = read_json_file(directory.spec_file());
      line.experiment = request.value("experiment", "");
      spec = request.value("spec", Json());
    }
  }
  if (spec.is_object()) line.scale = spec.value("scale", "");
  return line;
}

std::vector<RunLine> run_lines(const fs::path& workspace, const ResultStore& store) {
  std::vector<RunLine> lines;
  for (const RunId& id : known_runs(workspace, store))
    lines.push_back(line_of(workspace, store, id));
  return lines;
}

}  // namespace mra
