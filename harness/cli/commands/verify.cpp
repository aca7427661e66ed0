#include <fmt/format.h>

#include "harness/cli/commands/commands.h"
#include "harness/run/replay.h"
#include "harness/run/short_training.h"
#include "harness/store/run_facts.h"

namespace mra {

namespace {

struct ReplayArguments {
  std::string run;
  int64_t steps = 50;
};

int replay_command(const Context& context, const ReplayArguments& asked) {
  const auto store = context.results();
  const RunId id = find_run(context.workspace, store, asked.run);
  const Replay found = replay(id, store, context.launch_options(), *context.inputs(), asked.steps);
  Json document = to_json(found);
  document["run"] = text(id);
  std::string told = fmt::format("{}  {}\n", text(id), text(found.comparison));
  if (found.attempts_disagreed_at)
    told += fmt::format("the attempts of the recorded run differ from each other at step {}\n",
                        *found.attempts_disagreed_at);
  context.answer({{"replay", document}}, told);
  return found.identical() ? 0 : exit_code(ErrorKind::kIntegrity);
}

/// The first experiment of the tables that can be trained now.
PlannedRun first_trainable(const Context& context, const ResultStore& store,
                           const Selection& selection) {
  std::string reason = "the chosen rows have nothing to train";
  for (const TableSpec& table : named_tables(context, selection, /*may_lack_ids=*/false))
    for (const TableRow& row : table.rows)
      for (const ExperimentSpec& experiment : row.experiments) {
        reason = context.obstacle(experiment, store);
        if (reason.empty()) return training_of(experiment);
      }
  fail(ErrorKind::kUsage, "", reason,
       "choose another row with --only ROW; where weights are missing, harness run trains them");
}

struct ResumeArguments {
  Selection selection;
  int64_t steps = 30, stops = 3;
};

int resume_command(const Context& context, const ResumeArguments& asked) {
  const auto [selection, steps, stops] = asked;
  const auto store = context.results();
  const PlannedRun run = first_trainable(context, store, selection);
  const LaunchOptions options = context.launch_options();
  const auto inputs = context.inputs();
  ShortTraining straight(run, store, options, *inputs), interrupted(run, store, options, *inputs);
  straight.train_until(steps);
  for (int64_t stop = 1; stop <= stops; ++stop)
    if (const int64_t step = steps * stop / (stops + 1); step > 0) interrupted.train_until(step);
  interrupted.train_until(steps);
  const TraceComparison comparison = compare(straight.trace(), interrupted.trace());
  Json found = to_json(comparison);
  found["experiment"] = run.experiment.name;
  found["interruptions"] = stops;
  context.answer({{"resume", found}}, fmt::format("{}, {} interruptions  {}\n", run.experiment.name,
                                                  stops, text(comparison)));
  return comparison.identical() ? 0 : exit_code(ErrorKind::kIntegrity);
}

void add_replay(CLI::App& verify, Context& context) {
  CLI::App* command =
      add_command(verify, "replay", "Repeat the first steps of a recorded run and compare",
                  "  harness verify replay 3f2a\n"
                  "  harness verify replay 3f2a --steps 20 --json");
  const auto asked = set_work(*command, context, replay_command);
  add_run_name(*command, asked->run);
  command->add_option("--steps", asked->steps, "Number of steps to repeat")
      ->check(CLI::Range(int64_t{1}, kTracedSteps))
      ->capture_default_str();
}

void add_resume(CLI::App& verify, Context& context) {
  CLI::App* command = add_command(
      verify, "resume", "Train a little, with and without interruptions, and compare",
      "  harness verify resume table6\n"
      "  harness verify resume table6 --only \"Mask Low\" --scale mini --data-dir ~/photos");
  const auto asked = set_work(*command, context, resume_command);
  add_selection(*command, asked->selection, /*with_seeds=*/false);
  command->add_option("--steps", asked->steps, "Number of steps to train")
      ->check(CLI::Range(int64_t{2}, kTracedSteps))
      ->capture_default_str();
  command
      ->add_option("--interruptions", asked->stops,
                   "Number of interruptions of the second training")
      ->check(CLI::Range(1, 20))
      ->capture_default_str();
}

}  // namespace

void add_verify_command(CLI::App& app, Context& context) {
  auto* verify = add_command(
      app, "verify", "Whether repeating a training gives the same bits",
      "  harness verify replay 3f2a     the first steps of a recorded run, once more\n"
      "  harness verify resume table6   a short training, with and without interruptions");
  verify->require_subcommand(1);
  add_replay(*verify, context);
  add_resume(*verify, context);
}

}  // namespace mra
