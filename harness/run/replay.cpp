#include "harness/run/replay.h"

#include "harness/base/file.h"
#include "harness/base/stopwatch.h"
#include "harness/run/short_training.h"
#include "harness/spec/inherit.h"
#include "harness/spec/weights_source.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

/// The recorded runs whose weights a resolved spec starts from.
std::vector<RunId> needed_runs(const Json& spec, const ResultStore& store) {
  std::vector<RunId> needed;
  for (const WeightsSource& source : weights_sources(spec)) {
    if (source.kind != WeightsSource::Kind::kRun) continue;
    const auto ids = store.runs_of(source.name);
    check(!ids.empty(), ErrorKind::kUsage, source.name,
          "a model that the run starts from is not recorded", "train it with harness run");
    needed.push_back(ids.front());
  }
  return needed;
}

/// What was trained in a run directory, without what only judges the trained model.
PlannedRun run_in(const RunDirectory& directory, const RunId& id, const ResultStore& store) {
  const std::string file = directory.spec_file().string();
  SpecReader request(read_json_file(file), file);
  PlannedRun run = training_of(read_experiment(request.required<Json>("spec"),
                                               request.required<std::string>("experiment"), file));
  run.id = id;
  run.depends_on = needed_runs(run.experiment.resolved, store);
  return run;
}

Judgement judgement_of(const Json& found, const RunRecord& record) {
  Judgement judgement;
  judgement.evaluator = kReplay;
  judgement.started_utc = utc_now();
  judgement.options = {{"steps", found["steps"]}, {"at", judgement.started_utc}};
  judgement.metrics = {{"replay/steps", found["steps"].get<double>()},
                       {"replay/identical", found["identical"].get<bool>() ? 1.0 : 0.0}};
  judgement.details = found;
  judgement.weights_sha256 = record.weights_sha256;
  return judgement;
}

/// Leaves what a replay found beside the record, and in the database.
void keep(const fs::path& workspace, const RunDirectory& directory, const RunRecord& record,
          const Judgement& judgement) {
  fs::create_directories(directory.judged_folder());
  const std::string id = judgement_id(judgement.evaluator, judgement.options);
  write_file_atomically(directory.judgement_file(id), to_json(judgement).dump(1) + "\n");
  RunRecord judged = record;
  judged.judgements.push_back(judgement);
  ResultStore(ResultStore::path_of(workspace)).ingest(judged);
}

}  // namespace

Replay replay(const RunId& id, const ResultStore& store, LaunchOptions options,
              const Inputs& inputs, int64_t steps) {
  const RunDirectory directory(RunDirectory::path_of(options.workspace, id));
  const Trace recorded = read_trace(directory.trace_file());
  check(!recorded.losses.empty(), ErrorKind::kUsage, directory.trace_file().string(),
        "has no steps: the run has not begun, or an older version of the program trained it",
        "repeat it with harness run --fresh");
  const auto record = directory.record();
  const fs::path file = directory.environment_file();
  SpecReader environment(record ? record->environment : read_json_file(file), file.string());
  options.device = environment.child("device").required<std::string>("kind");
  options.threads = int(environment.required<int64_t>("threads"));
  options.determinism = environment.optional<std::string>("determinism", "strict");
  const Stopwatch watch;
  ShortTraining again(run_in(directory, id, store), store, options, inputs);
  again.train_until(std::min(steps, recorded.losses.rbegin()->first));
  Replay replay{compare(recorded, again.trace()), recorded.disagreed_at};
  if (!record) return replay;
  Judgement judgement = judgement_of(to_json(replay), *record);
  judgement.environment = again.environment();
  judgement.wall_s = watch.elapsed_s();
  keep(options.workspace, directory, *record, judgement);
  return replay;
}

Json to_json(const Replay& replay) {
  Json json = to_json(replay.comparison);
  const auto& disagreed_at = replay.attempts_disagreed_at;
  json["attempts_disagreed_at"] = disagreed_at ? Json(*disagreed_at) : Json();
  json["identical"] = replay.identical();
  return json;
}

}  // namespace mra
