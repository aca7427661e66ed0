#include "harness/run/plan.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/base/tell.h"
#include "harness/spec/catalog_names.h"

namespace mra {

namespace fs = std::filesystem;

std::vector<TableSpec> select_rows(std::vector<TableSpec> tables,
                                   const std::vector<std::string>& labels) {
  if (labels.empty()) return tables;
  std::vector<std::string> known;
  for (const TableSpec& table : tables)
    for (const TableRow& row : table.rows) known.push_back(row.name());
  for (const std::string& label : labels)
    check(std::count(known.begin(), known.end(), label) > 0, ErrorKind::kUsage, "--only",
          fmt::format("no row is called '{}'", label), suggestion(label, known));
  for (TableSpec& table : tables)
    std::erase_if(table.rows, [&](const TableRow& row) {
      return std::count(labels.begin(), labels.end(), row.name()) == 0;
    });
  return tables;
}

bool PlannedRun::alone() const {
  return std::any_of(judges.begin(), judges.end(),
                     [](const NamedOptions& judge) { return judges_alone(judge.name); });
}

PlannedRun training_of(const ExperimentSpec& experiment) {
  PlannedRun run;
  run.id = {experiment.key, experiment.seeds.front()};
  run.experiment = experiment;
  run.experiment.evaluate.clear();
  for (const Dependency& needed : experiment.dependencies)
    run.depends_on.push_back({needed.key, needed.seed});
  return run;
}

static std::string no_record(const std::optional<NearestRun>& nearest) {
  if (!nearest) return "no record of this run";
  if (nearest->pointers.empty())
    return fmt::format("no record with this seed; seed {} is recorded", nearest->id.seed);
  constexpr size_t kShown = 4;
  const size_t count = nearest->pointers.size();
  const std::vector<std::string> shown(nearest->pointers.begin(),
                                       nearest->pointers.begin() + long(std::min(count, kShown)));
  return fmt::format("no record; nearest is {} ({}), which differs in {}{}", nearest->experiment,
                     text(nearest->id), fmt::join(shown, ", "),
                     count > kShown ? fmt::format(" and {} more", count - kShown) : "");
}

namespace {

class Planner {
 public:
  Planner(const SpecLibrary& library, const ResultStore& store, const PlanOptions& options)
      : library_(library), store_(store), options_(options) {}

  void add_experiment(const std::string& label, const ExperimentSpec& experiment) {
    const auto& seeds = options_.seeds.empty() ? experiment.seeds : options_.seeds;
    for (const int64_t seed : seeds) {
      const RunId id{experiment.key, seed};
      const bool trained = store_.has(id) && !options_.fresh;
      const auto judges =
          trained ? missing_judges(store_, experiment, seed) : judges_of(experiment);
      if (trained && judges.empty()) continue;
      if (const auto obstacle = obstacle_to(experiment)) {
        plan_.unavailable.push_back({id, label, obstacle->reason, obstacle->error});
        continue;
      }
      if (!trained || (!judges.empty() && !usable(id)))
        add(id, experiment, label, options_.fresh || trained);
      if (!judges.empty()) add_judging(id, experiment, label, judges);
    }
  }

  Plan take() {
    for (PlannedRun& run : judgings_) {
      finish_judging(run);
      plan_.runs.push_back(std::move(run));
    }
    return std::move(plan_);
  }

 private:
  /// Plans to judge a run after its training, once for the judges of all rows that share it.
  void add_judging(const RunId& id, const ExperimentSpec& experiment, const std::string& label,
                   const std::vector<NamedOptions>& judges) {
    PlannedRun run{id, experiment, {id}, {label}, "", std::nullopt, false, {}};
    for (const auto& dependencies : {experiment.dependencies, experiment.judge_dependencies})
      for (const Dependency& dependency : dependencies) {
        add_dependency(dependency, experiment.scale, label);
        run.depends_on.push_back({dependency.key, dependency.seed});
      }
    auto found = std::find_if(judgings_.begin(), judgings_.end(),
                              [&](const PlannedRun& other) { return other.id == id; });
    if (found == judgings_.end()) found = judgings_.insert(found, run);
    PlannedRun& planned = *found;
    const auto add_once = [](auto& list, const auto& value) {
      if (std::count(list.begin(), list.end(), value) == 0) list.push_back(value);
    };
    add_once(planned.needed_by, label);
    for (const RunId& needed : run.depends_on) add_once(planned.depends_on, needed);
    for (const NamedOptions& judge : judges) {
      const std::string name = judgement_id(judge.name, judge.options);
      if (std::none_of(planned.judges.begin(), planned.judges.end(),
                       [&](const NamedOptions& other) {
                         return judgement_id(other.name, other.options) == name;
                       }))
        planned.judges.push_back(judge);
    }
  }

  void finish_judging(PlannedRun& run) const {
    run.reason = "to be judged by";
    double known_s = 0;
    bool known = true;
    for (size_t i = 0; i < run.judges.size(); ++i) {
      const NamedOptions& judge = run.judges[i];
      run.reason += (i == 0 ? " " : ", ") + judge.name;
      const auto seconds = store_.judging_s(judgement_id(judge.name, judge.options));
      known = known && seconds;
      known_s += seconds.value_or(0);
    }
    if (known) run.estimate = Estimate{known_s, "as long as other runs took"};
  }

  ExperimentSpec needed(const Dependency& dependency, const std::string& scale) const {
    ExperimentSpec experiment = library_.experiment(dependency.experiment, scale);
    check(experiment.key == dependency.key, ErrorKind::kFailure, experiment.file,
          fmt::format("has the key {} here and {} where it is needed", experiment.key,
                      dependency.key),
          "this is a bug in the program: please report it");
    return experiment;
  }

  struct Obstacle {
    std::string reason;
    Error error;  ///< what the machine lacks
  };
  /// Why the experiment, or one that it starts from, cannot run here; nothing if it can.
  std::optional<Obstacle> obstacle_to(const ExperimentSpec& experiment) const {
    if (options_.unavailable)
      if (const auto error = options_.unavailable(experiment))
        return Obstacle{one_line(*error), *error};
    for (const auto& dependencies : {experiment.dependencies, experiment.judge_dependencies})
      for (const Dependency& dependency : dependencies) {
        if (usable({dependency.key, dependency.seed})) continue;
        auto obstacle = obstacle_to(needed(dependency, experiment.scale));
        if (!obstacle) continue;
        obstacle->reason = fmt::format("{}: {}", dependency.experiment, obstacle->reason);
        return obstacle;
      }
    return std::nullopt;
  }

  /// Whether a run is recorded and its weights are still in its folder.
  bool usable(const RunId& id) const {
    const auto record = store_.has(id) ? store_.run(id) : std::nullopt;
    return record && fs::is_regular_file(RunDirectory::path_of(options_.workspace, id) /
                                         record->weights_file);
  }

  void add(const RunId& id, const ExperimentSpec& experiment, const std::string& label, bool redo) {
    if (const auto found = places_.find(id); found != places_.end()) {
      auto& needed_by = plan_.runs[found->second].needed_by;
      if (std::count(needed_by.begin(), needed_by.end(), label) == 0) needed_by.push_back(label);
      for (const Dependency& dependency : experiment.dependencies)
        add_dependency(dependency, experiment.scale, label);
      return;
    }
    PlannedRun run{id, experiment, {}, {label}, "", std::nullopt, redo, {}};
    for (const Dependency& dependency : experiment.dependencies) {
      add_dependency(dependency, experiment.scale, label);
      run.depends_on.push_back({dependency.key, dependency.seed});
    }
    const auto nearest = store_.nearest(experiment.resolved);
    run.reason = reason(run, nearest);
    run.estimate = estimate(experiment, store_, nearest, options_.machine);
    places_[id] = plan_.runs.size();
    plan_.runs.push_back(std::move(run));
  }

  void add_dependency(const Dependency& dependency, const std::string& scale,
                      const std::string& label) {
    const RunId id{dependency.key, dependency.seed};
    if (usable(id) && !options_.fresh) return;
    add(id, needed(dependency, scale), label, options_.fresh || store_.has(id));
  }

  std::string reason(const PlannedRun& run, const std::optional<NearestRun>& nearest) const {
    if (options_.fresh) return "repeated because of --fresh";
    if (run.redo) return "recorded, but its weights are gone";
    if (const std::string other = store_.outdated(run.id); !other.empty()) return other;
    const RunDirectory directory(RunDirectory::path_of(options_.workspace, run.id));
    const std::string why = directory.reason();
    switch (directory.state()) {
      case RunState::kDone:
        return "finished, but not in the database yet";
      case RunState::kRunning:
        return "another process is running it";
      case RunState::kInterrupted:
        return "interrupted, goes on from its checkpoint" + (why.empty() ? "" : ": " + why);
      case RunState::kFailed:
        return "failed before: " + why;
      case RunState::kPending:
        break;
    }
    return no_record(nearest);
  }

  const SpecLibrary& library_;
  const ResultStore& store_;
  const PlanOptions& options_;
  Plan plan_;
  std::map<RunId, size_t> places_;    ///< index in plan_.runs
  std::vector<PlannedRun> judgings_;  ///< put at the end of the plan
};

}  // namespace

Plan plan(const SpecLibrary& library, const std::vector<TableSpec>& tables,
          const ResultStore& store, const PlanOptions& options) {
  Planner planner(library, store, options);
  for (const TableSpec& table : tables)
    for (const TableRow& row : table.rows)
      // First the columns that only train: a run that several share is named after one of those.
      for (const bool judged : {false, true})
        for (const ExperimentSpec& experiment : row.experiments)
          if (judges_of(experiment).empty() != judged)
            planner.add_experiment(experiment.name, experiment);
  return planner.take();
}

}  // namespace mra
