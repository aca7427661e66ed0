#include <memory>

#include <fmt/format.h>

#include "harness/base/file.h"
#include "harness/base/stopwatch.h"
#include "harness/cli/commands/commands.h"
#include "harness/cli/short_training.h"
#include "harness/record/grade.h"
#include "harness/spec/inherit.h"
#include "harness/spec/weights_source.h"
#include "harness/store/run_facts.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

Json comparison_json(const TraceComparison& comparison) {
  Json json = {{"identical", comparison.identical()}, {"steps", comparison.steps}};
  json["first_step"] = comparison.first_step ? Json(*comparison.first_step) : Json();
  json["what"] = comparison.what.empty() ? Json() : Json(comparison.what);
  json["tensors_differing"] = comparison.tensors_differing;
  json["tensors"] = comparison.tensors;
  return json;
}

std::string comparison_text(const TraceComparison& comparison) {
  if (comparison.identical())
    return fmt::format("identical: {} steps, {} tensors", comparison.steps, comparison.tensors);
  if (!comparison.first_step) return "nothing to compare: the traces share no step";
  if (comparison.tensors_differing == 0)
    return fmt::format("differs first at step {}: {}", *comparison.first_step, comparison.what);
  return fmt::format("differs first at step {}: {} and {} more of {} tensors",
                     *comparison.first_step, comparison.what, comparison.tensors_differing - 1,
                     comparison.tensors);
}

/// The recorded runs whose weights a resolved spec starts from.
std::vector<RunId> needed_runs(const Json& spec, const ResultStore& store) {
  std::vector<RunId> needed;
  for (const WeightsSource& source : weights_sources(spec)) {
    if (source.kind != WeightsSource::Kind::kRun) continue;
    const auto ids = store.runs_of(source.name);
    check(!ids.empty(), ErrorKind::kUsage, source.name,
          "a model that the run starts from is not recorded", "harness run trains it");
    needed.push_back(ids.front());
  }
  return needed;
}

/// What was trained in a run directory, without what only judges the trained model.
PlannedRun run_in(const RunDirectory& directory, const RunId& id, const ResultStore& store) {
  const std::string file = directory.spec_file().string();
  SpecReader request(read_json_file(file), file);
  PlannedRun run;
  run.id = id;
  run.experiment = read_experiment(request.required<Json>("spec"),
                                   request.required<std::string>("experiment"), file);
  run.experiment.evaluate.clear();
  run.depends_on = needed_runs(run.experiment.resolved, store);
  return run;
}

ShortTraining::Options as_recorded(const Json& environment, const std::string& file) {
  SpecReader reader(environment, file);
  return {.device = reader.child("device").required<std::string>("kind"),
          .threads = int(reader.required<int64_t>("threads"))};
}

/// Leaves what a replay found beside the record, and in the database.
void keep(const Context& context, const RunDirectory& directory, const RunRecord& record,
          const Json& found, const Json& environment, double wall_s) {
  Judgement judgement;
  judgement.evaluator = kReplay;
  judgement.started_utc = utc_now();
  judgement.options = {{"steps", found["steps"]}, {"at", judgement.started_utc}};
  judgement.metrics = {{"replay/steps", found["steps"].get<double>()},
                       {"replay/identical", found["identical"].get<bool>() ? 1.0 : 0.0}};
  judgement.details = found;
  judgement.weights_sha256 = record.weights_sha256;
  judgement.environment = environment;
  judgement.wall_s = wall_s;
  fs::create_directories(directory.judged_folder());
  const std::string id = judgement_id(judgement.evaluator, judgement.options);
  write_file_atomically(directory.judgement_file(id), to_json(judgement).dump(1) + "\n");
  RunRecord judged = record;
  judged.judgements.push_back(judgement);
  ResultStore(ResultStore::path_of(context.workspace)).ingest(judged);
}

int replay(const Context& context, const std::string& prefix, int64_t steps) {
  const auto store = ResultStore::open_read_only(ResultStore::path_of(context.workspace));
  const RunId id = find_run(context.workspace, store, prefix);
  const RunDirectory directory(RunDirectory::path_of(context.workspace, id));
  const Trace recorded = read_trace(directory.trace_file());
  check(!recorded.losses.empty(), ErrorKind::kUsage, directory.trace_file().string(),
        "tells of no step: the run has not begun, or an older version of the program trained it",
        "repeat it with harness run --fresh");
  const auto record = directory.record();
  const Stopwatch watch;
  const auto environment_file = directory.environment_file();
  ShortTraining again(context, store, run_in(directory, id, store),
                      as_recorded(record ? record->environment : read_json_file(environment_file),
                                  environment_file.string()));
  again.train_until(std::min(steps, recorded.losses.rbegin()->first));
  const TraceComparison comparison = compare(recorded, again.trace());
  Json found = comparison_json(comparison);
  found["attempts_disagreed_at"] = recorded.disagreed_at ? Json(*recorded.disagreed_at) : Json();
  const bool same = comparison.identical() && !recorded.disagreed_at;
  found["identical"] = same;
  if (record) keep(context, directory, *record, found, again.environment(), watch.elapsed_s());
  if (context.json) {
    found["run"] = text(id);
    print_json({{"replay", found}});
  } else {
    print(fmt::format("{}  {}\n", text(id), comparison_text(comparison)));
    if (recorded.disagreed_at)
      print(fmt::format("its own attempts disagreed at step {}\n", *recorded.disagreed_at));
  }
  return same ? 0 : exit_code(ErrorKind::kIntegrity);
}

/// The first experiment of the tables that can be trained now.
PlannedRun first_trainable(const Context& context, const ResultStore& store,
                           const Selection& selection) {
  std::string reason = "the selection names nothing that is trained";
  for (const TableSpec& table : named_tables(context, selection, /*may_lack_ids=*/false))
    for (const TableRow& row : table.rows)
      for (const ExperimentSpec& experiment : row.experiments) {
        PlannedRun run;
        run.experiment = experiment;
        run.experiment.evaluate.clear();
        run.id = {experiment.key, experiment.seeds.front()};
        for (const Dependency& needed : experiment.dependencies)
          run.depends_on.push_back({needed.key, needed.seed});
        const bool ready = std::all_of(run.depends_on.begin(), run.depends_on.end(),
                                       [&](const RunId& id) { return store.has(id); });
        const auto data = context.data_error(experiment);
        if (ready && !data) return run;
        reason = !ready ? experiment.name + " starts from a model that is not recorded"
                        : one_line(*data);
      }
  fail(ErrorKind::kUsage, selection.ids.front(), reason,
       "harness run trains what others start from; --only ROW chooses another");
}

int resume(const Context& context, const Selection& selection, int64_t steps, int64_t stops) {
  const auto store = ResultStore::open_read_only(ResultStore::path_of(context.workspace));
  const PlannedRun run = first_trainable(context, store, selection);
  ShortTraining straight(context, store, run, {}), interrupted(context, store, run, {});
  straight.train_until(steps);
  for (int64_t stop = 1; stop <= stops; ++stop)
    if (const int64_t step = steps * stop / (stops + 1); step > 0) interrupted.train_until(step);
  interrupted.train_until(steps);
  const TraceComparison comparison = compare(straight.trace(), interrupted.trace());
  if (context.json) {
    Json found = comparison_json(comparison);
    found["experiment"] = run.experiment.name;
    found["interruptions"] = stops;
    print_json({{"resume", found}});
  } else {
    print(fmt::format("{}, {} interruptions  {}\n", run.experiment.name, stops,
                      comparison_text(comparison)));
  }
  return comparison.identical() ? 0 : exit_code(ErrorKind::kIntegrity);
}

void add_replay(CLI::App& verify, Context& context) {
  CLI::App* command =
      add_command(verify, "replay", "Repeat the first steps of a recorded run and compare",
                  "  harness verify replay 3f2a\n"
                  "  harness verify replay 3f2a --steps 20 --json");
  const auto prefix = std::make_shared<std::string>();
  const auto steps = std::make_shared<int64_t>(50);
  command->add_option("RUN", *prefix, "The beginning of KEY-sSEED")->required();
  command->add_option("--steps", *steps, "How many are repeated")
      ->check(CLI::Range(int64_t{1}, kTracedSteps))
      ->capture_default_str();
  command->callback([&context, prefix, steps] {
    context.command = [&context, prefix, steps] { return replay(context, *prefix, *steps); };
  });
}

void add_resume(CLI::App& verify, Context& context) {
  CLI::App* command = add_command(
      verify, "resume", "Train a little, straight and with interruptions, and compare",
      "  harness verify resume table6\n"
      "  harness verify resume table6 --only \"Mask Low\" --scale mini --data-dir ~/photos");
  const auto selection = std::make_shared<Selection>();
  const auto steps = std::make_shared<int64_t>(30);
  const auto stops = std::make_shared<int64_t>(3);
  add_ids(*command, *selection);
  add_only(*command, *selection);
  add_scale(*command, *selection);
  command->add_option("--steps", *steps, "How many are trained")
      ->check(CLI::Range(int64_t{2}, kTracedSteps))
      ->capture_default_str();
  command->add_option("--interruptions", *stops, "How often the second training is interrupted")
      ->check(CLI::Range(1, 20))
      ->capture_default_str();
  command->callback([&context, selection, steps, stops] {
    context.command = [&context, selection, steps, stops] {
      return resume(context, *selection, *steps, *stops);
    };
  });
}

}  // namespace

void add_verify_command(CLI::App& app, Context& context) {
  auto* verify =
      add_command(app, "verify", "Whether repeating a training gives the same bits",
                  "  harness verify replay 3f2a     the first steps of a recorded run, once more\n"
                  "  harness verify resume table6   a short training, straight and interrupted");
  verify->require_subcommand(1);
  add_replay(*verify, context);
  add_resume(*verify, context);
}

}  // namespace mra
