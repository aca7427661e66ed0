#include "harness/store/rate.h"

#include <fmt/format.h>

#include "harness/base/wait_text.h"
#include "harness/store/work.h"

namespace mra {

/// The value at a JSON pointer, or `otherwise` when it is absent or of another type.
template <typename T>
static T value_at(const Json& json, const char* pointer, const T& otherwise) {
  const Json::json_pointer place(pointer);
  if (!json.is_object() || !json.contains(place)) return otherwise;
  const Json& value = json[place];
  const bool fits = std::is_same_v<T, std::string> ? value.is_string() : value.is_number();
  return fits ? value.get<T>() : otherwise;
}

const char* name(RateSource source) {
  return source == RateSource::kRun ? "run" : "probe";
}

std::string machine_text(const std::string& cpu, int64_t cores) {
  return fmt::format("{}, {} core{}", cpu, cores, cores == 1 ? "" : "s");
}

std::string machine_of(const Json& environment) {
  const auto cpu = value_at<std::string>(environment, "/machine/cpu", "");
  const auto cores = value_at<int64_t>(environment, "/machine/cores", 0);
  return cpu.empty() && cores == 0 ? "" : machine_text(cpu, cores);
}

Rate rate_at(const Json& environment) {
  Rate rate;
  rate.machine = machine_of(environment);
  rate.device = value_at<std::string>(environment, "/device/kind", "cpu");
  if (rate.device == "cuda")
    rate.device = value_at<std::string>(environment, "/device/name", "cuda");
  rate.threads = value_at<int64_t>(environment, "/threads", 0);
  return rate;
}

std::optional<Rate> rate_of(const RunRecord& record) {
  const auto pictures = pictures_of(record.spec);
  Rate rate = rate_at(record.environment);
  if (!pictures || rate.machine.empty() || record.wall_s <= 0) return std::nullopt;
  rate.work = work_of(record.spec);
  rate.source = RateSource::kRun;
  rate.images_per_s = *pictures / record.wall_s;
  rate.basis = fmt::format("of {} s{}", record.experiment, record.seed) +
               wait_text(value_at(record.environment, "/data_wait_s", 0.0) / record.wall_s);
  rate.measured_utc = record.started_utc;
  return rate;
}

}  // namespace mra
