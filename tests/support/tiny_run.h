#pragma once

#include <string>

#include "harness/record/run_record.h"
#include "harness/spec/experiment.h"

namespace mra {

/// A finished run of a spec that only differs by `name`; top1 is what the tests look at.
inline RunRecord tiny_record(const std::string& name, int64_t seed = 0, double top1 = 50) {
  RunRecord record;
  record.spec = {{"scale", "smoke"}, {"model", {{"name", name}}}, {"lr", 0.1}};
  record.key = experiment_key(record.spec);
  record.seed = seed;
  record.experiment = "table6/" + name;
  record.metrics = {{"top1", top1}, {"loss", 1.25}};
  record.curves = {{"train_loss", {{1, 2.5}, {2, 1.25}}}};
  record.environment = {{"commit", "abc"}, {"dirty", false}};
  record.started_utc = "2026-01-02T03:04:05Z";
  record.wall_s = 12.5;
  record.cpu_s = 20;
  record.peak_memory_bytes = 1 << 20;
  record.weights_file = "weights.safetensors";
  record.weights_sha256 = std::string(64, 'a');
  return record;
}

/// What an evaluator named "occlusion" found of tiny_record().
inline Judgement tiny_judgement(int64_t step_px = 4, double error = 40) {
  Judgement judgement;
  judgement.evaluator = "occlusion";
  judgement.options = {{"step_px", step_px}};
  judgement.metrics = {{"occlusion/top1_error_0", 90}, {"occlusion/top1_error_4", error}};
  judgement.details = {{"pictures", 7}};
  judgement.weights_sha256 = std::string(64, 'a');
  judgement.environment = {{"commit", "def"}};
  judgement.started_utc = "2026-02-02T03:04:05Z";
  judgement.wall_s = 3;
  return judgement;
}

inline std::string id_of(const Judgement& judgement) {
  return judgement_id(judgement.evaluator, judgement.options);
}

}  // namespace mra
