#include "harness/record/judgement.h"

#include <cmath>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/base/inside.h"

namespace mra {

static constexpr int64_t kJudgementFormat = 1;
static constexpr char kJudgeAgain[] = "remove the file and repeat the command that needs it";

std::string judgement_id(const std::string& evaluator, const Json& options) {
  constexpr size_t kDigits = 8;
  return evaluator + "-" +
         sha256("mra-harness/judgement/v1\n" + evaluator + "\n" + options.dump())
             .substr(0, kDigits);
}

std::string judgement_of(const ExperimentSpec& experiment, const std::string& metric) {
  for (const NamedOptions& judge : judges_of(experiment))
    if (metric.starts_with(judge.name + "/")) return judgement_id(judge.name, judge.options);
  return "";
}

Json to_json(const Judgement& judgement) {
  for (const auto& [name, value] : judgement.metrics)
    check(std::isfinite(value), ErrorKind::kFailure, "/metrics/" + name,
          fmt::format("is {}, not a finite number", value), "check whether the model diverged");
  return {{"format", kJudgementFormat},
          {"evaluator", judgement.evaluator},
          {"options", judgement.options},
          {"metrics", judgement.metrics},
          {"details", judgement.details},
          {"picture_file", judgement.picture_file},
          {"picture_sha256", judgement.picture_sha256},
          {"weights_sha256", judgement.weights_sha256},
          {"environment", judgement.environment},
          {"started_utc", judgement.started_utc},
          {"wall_s", judgement.wall_s}};
}

Metrics read_metrics(const SpecReader& reader) {
  Metrics metrics;
  for (const auto& [name, value] : reader.json().items()) {
    check(value.is_number() && std::isfinite(value.get<double>()), ErrorKind::kIntegrity,
          reader.where(name), "expected a finite number, found " + value.dump(), kJudgeAgain);
    metrics[name] = value.get<double>();
  }
  return metrics;
}

static Judgement read_judgement_fields(SpecReader reader) {
  Judgement judgement;
  reader.in_range<int64_t>("format", kJudgementFormat, kJudgementFormat);
  judgement.evaluator = reader.required<std::string>("evaluator");
  judgement.options = reader.child("options").json();
  judgement.metrics = read_metrics(reader.child("metrics"));
  judgement.details = reader.child("details").json();
  judgement.picture_file = reader.required<std::string>("picture_file");
  judgement.picture_sha256 = reader.required<std::string>("picture_sha256");
  judgement.weights_sha256 = reader.required<std::string>("weights_sha256");
  judgement.environment = reader.child("environment").json();
  judgement.started_utc = reader.required<std::string>("started_utc");
  judgement.wall_s = reader.in_range("wall_s", 0.0, 1e12);
  reader.reject_unread_keys();
  check(judgement.picture_file.empty() || is_file_name(judgement.picture_file),
        ErrorKind::kIntegrity, reader.where("picture_file"), "is not a plain file name",
        kJudgeAgain);
  return judgement;
}

Judgement judgement_from_json(const Json& json, const std::string& file) {
  try {
    return read_judgement_fields(SpecReader(json, file));
  } catch (const Error& error) {
    // SpecReader reports a wrong field as the user's mistake (kUsage); here the file is damaged.
    fail(ErrorKind::kIntegrity, error.where, error.what_happened, kJudgeAgain);
  }
}

}  // namespace mra
