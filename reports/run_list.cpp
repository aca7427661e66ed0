#include "reports/run_list.h"

#include <map>

#include <fmt/format.h>

#include "harness/record/run_directory.h"

namespace mra {

/// The text at a JSON pointer of the environment, or "unknown".
static std::string text_at(const Json& environment, const char* pointer) {
  const Json::json_pointer place(pointer);
  if (!environment.contains(place)) return "unknown";
  const Json& value = environment[place];
  return value.is_string() ? value.get<std::string>() : value.dump();
}

static std::string program_text(const Json& environment) {
  const std::string dirty = text_at(environment, "/program/dirty");
  return text_at(environment, "/program/commit").substr(0, 12) +
         (dirty == "true" ? " with changes" : "");
}

static ListedRun listed(const RunRecord& record) {
  const Json& environment = record.environment;
  return {{"run", text(RunId{record.key, record.seed})},
          {"experiment", record.experiment},
          {"started (UTC)", record.started_utc},
          {"wall (s)", fmt::format("{:.0f}", record.wall_s)},
          {"CPU (s)", fmt::format("{:.0f}", record.cpu_s)},
          {"memory (MiB)", fmt::format("{}", record.peak_memory_bytes >> 20)},
          {"program", program_text(environment)},
          {"device", text_at(environment, "/device/kind")},
          {"threads", text_at(environment, "/threads")},
          {"machine", text_at(environment, "/machine/cpu")},
          {"data set", text_at(environment, "/dataset/manifest_sha256").substr(0, 12)}};
}

std::vector<ListedRun> run_list(const std::vector<ReportTable>& tables) {
  std::map<RunId, const RunRecord*> records;
  for (const ReportTable& table : tables)
    for (const RunRecord& record : table.records)
      records.emplace(RunId{record.key, record.seed}, &record);
  std::vector<ListedRun> runs;
  for (const auto& [id, record] : records) runs.push_back(listed(*record));
  return runs;
}

}  // namespace mra
