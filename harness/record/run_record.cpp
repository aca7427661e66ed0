#include "harness/record/run_record.h"

#include <cmath>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/inside.h"
#include "harness/spec/experiment.h"
#include "harness/spec/spec_reader.h"

namespace mra {

static constexpr int64_t kFormat = 1;
static constexpr char kCure[] = "remove the file and repeat the run";

const Judgement* find_judgement(const RunRecord& record, const std::string& id) {
  for (const Judgement& judgement : record.judgements)
    if (judgement_id(judgement.evaluator, judgement.options) == id) return &judgement;
  return nullptr;
}

void check_numbers(const RunRecord& record) {
  for (const auto& [name, value] : record.metrics)
    check(std::isfinite(value), ErrorKind::kFailure, "/metrics/" + name,
          fmt::format("is {}, not a finite number", value), "lower the learning rate");
  for (const auto& [name, curve] : record.curves)
    for (const auto& [epoch, value] : curve)
      check(std::isfinite(epoch) && std::isfinite(value), ErrorKind::kFailure, "/curves/" + name,
            fmt::format("holds {} at epoch {}, not a finite number", value, epoch),
            "lower the learning rate");
}

Json to_json(const RunRecord& record) {
  check_numbers(record);
  Json curves = Json::object();
  for (const auto& [name, curve] : record.curves) {
    Json& points = curves[name] = Json::array();
    for (const auto& [epoch, value] : curve) points.push_back({epoch, value});
  }
  Json json = {{"format", kFormat},
               {"key", record.key},
               {"seed", record.seed},
               {"experiment", record.experiment},
               {"spec", record.spec},
               {"metrics", record.metrics},
               {"curves", curves},
               {"environment", record.environment},
               {"started_utc", record.started_utc},
               {"wall_s", record.wall_s},
               {"cpu_s", record.cpu_s},
               {"peak_memory_bytes", record.peak_memory_bytes},
               {"attempts", record.attempts},
               {"weights_file", record.weights_file},
               {"weights_sha256", record.weights_sha256}};
  if (!record.evidence_sha256.empty()) json["evidence_sha256"] = record.evidence_sha256;
  for (const Judgement& judgement : record.judgements)
    json["judgements"].push_back(to_json(judgement));
  return json;
}

static bool is_point(const Json& point) {
  return point.is_array() && point.size() == 2 && point[0].is_number() && point[1].is_number();
}

static std::map<std::string, Curve> read_curves(const SpecReader& reader) {
  std::map<std::string, Curve> curves;
  for (const auto& [name, points] : reader.json().items()) {
    check(points.is_array(), ErrorKind::kIntegrity, reader.where(name), "expected a list", kCure);
    Curve& curve = curves[name];
    for (const Json& point : points) {
      check(is_point(point), ErrorKind::kIntegrity, reader.where(name),
            "expected [epoch, value], found " + point.dump(), kCure);
      curve.emplace_back(point[0].get<double>(), point[1].get<double>());
    }
  }
  return curves;
}

static std::string key_of(Json spec) {
  for (const char* key : {"name", "note", "seeds", "evaluate"}) spec.erase(key);
  return experiment_key(spec);
}

static RunRecord read_fields(SpecReader reader) {
  RunRecord record;
  reader.in_range<int64_t>("format", kFormat, kFormat);
  record.key = reader.required<std::string>("key");
  record.seed = reader.in_range<int64_t>("seed", 0, std::numeric_limits<int64_t>::max());
  record.experiment = reader.required<std::string>("experiment");
  record.spec = reader.child("spec").json();
  record.metrics = read_metrics(reader.child("metrics"));
  record.curves = read_curves(reader.child("curves"));
  record.environment = reader.child("environment").json();
  record.started_utc = reader.required<std::string>("started_utc");
  record.wall_s = reader.in_range("wall_s", 0.0, 1e12);
  record.cpu_s = reader.in_range("cpu_s", 0.0, 1e12);
  record.peak_memory_bytes =
      reader.in_range<int64_t>("peak_memory_bytes", 0, std::numeric_limits<int64_t>::max());
  record.attempts = reader.in_range<int64_t>("attempts", 1, std::numeric_limits<int64_t>::max());
  record.weights_file = reader.required<std::string>("weights_file");
  record.weights_sha256 = reader.required<std::string>("weights_sha256");
  record.evidence_sha256 = reader.optional<std::string>("evidence_sha256", "");
  for (const Json& judgement : reader.optional<std::vector<Json>>("judgements", {}))
    record.judgements.push_back(judgement_from_json(judgement, reader.where("judgements")));
  reader.reject_unread_keys();
  const std::string key = key_of(record.spec);
  check(key == record.key, ErrorKind::kIntegrity, reader.where("key"),
        fmt::format("is {}, but the spec beside it has the key {}", record.key, key), kCure);
  check(is_file_name(record.weights_file), ErrorKind::kIntegrity, reader.where("weights_file"),
        "is not a plain file name", kCure);
  return record;
}

RunRecord record_from_json(const Json& json, const std::string& file) {
  try {
    return read_fields(SpecReader(json, file));
  } catch (const Error& error) {
    // SpecReader reports a wrong field as the user's mistake (kUsage); here the file is damaged.
    fail(ErrorKind::kIntegrity, error.where, error.what_happened, kCure);
  }
}

}  // namespace mra
