#include "harness/run/preflight.h"

#include <map>
#include <set>

#include <fmt/format.h>

#include "harness/data/dataset.h"
#include "harness/data/input.h"
#include "harness/run/worker_process.h"
#include "harness/spec/catalog_names.h"
#include "harness/spec/layered_spec.h"

namespace mra {

namespace {

using Folders = std::vector<std::filesystem::path>;

/// Complaints in the order they came, each once.
class Complaints {
 public:
  /// `error` is of the resolved spec of `experiment`.
  void add(const Error& error, const ExperimentSpec& experiment) {
    const Error told = experiment.layers ? experiment.layers->at_origin(error) : error;
    if (seen_.insert(told.what()).second) all_.push_back(told);
  }
  template <typename Check>
  void note(const ExperimentSpec& experiment, Check check) {
    try {
      check();
    } catch (const Error& error) {
      add(error, experiment);
    }
  }
  std::vector<Error> take() { return std::move(all_); }

 private:
  std::set<std::string> seen_;
  std::vector<Error> all_;
};

SpecReader part_of(const Json& part, const char* pointer) {
  return SpecReader(part, LayeredSpec::kMerged, pointer);
}

/// The specs that differ in more than their names, and what they are called.
std::map<std::string, const ExperimentSpec*> distinct(const std::vector<ExperimentSpec>& all) {
  std::map<std::string, const ExperimentSpec*> specs;
  for (const ExperimentSpec& experiment : all) {
    Json whole = experiment.resolved;
    whole["evaluate"] = Json::array();
    for (const NamedOptions& entry : experiment.evaluate)
      whole["evaluate"].push_back({{entry.name, entry.options}});
    specs.emplace(whole.dump(), &experiment);
  }
  return specs;
}

ErrorKind kind_named(const std::string& text) {
  for (const ErrorKind kind : {ErrorKind::kUsage, ErrorKind::kIntegrity, ErrorKind::kEnvironment})
    if (text == name(kind)) return kind;
  return ErrorKind::kFailure;
}

/// null where the worker does not start.
Json answer_of_worker(const std::vector<std::string>& words, const std::string& input = "") {
  try {
    return ask_worker(words, input);
  } catch (const Error&) {
    return {};
  }
}

/// Adds the worker's complaints about the specs. Returns false where it does not start.
bool add_of_worker(const std::map<std::string, const ExperimentSpec*>& specs,
                   const Folders& data_dirs, Complaints& complaints) {
  if (specs.empty()) return true;
  std::vector<const ExperimentSpec*> asked;
  Json question = Json::array();
  for (const auto& [text, experiment] : specs) {
    asked.push_back(experiment);
    question.push_back({{"name", experiment->name}, {"spec", Json::parse(text)}});
  }
  std::vector<std::string> words = {"check"};
  for (const auto& folder : data_dirs) words.insert(words.end(), {"--data-dir", folder.string()});
  const Json told = answer_of_worker(words, question.dump());
  for (const Json& entry : told)
    complaints.add(
        {kind_named(entry.at("kind")), entry.at("where"), entry.at("what"), entry.at("fix")},
        *asked.at(entry.at("spec").get<size_t>()));
  return !told.is_null();
}

}  // namespace

Json known_options() {
  return answer_of_worker({"options"});
}

CheckedOptions wrong_options(const std::vector<ExperimentSpec>& experiments,
                             const Folders& data_dirs) {
  Complaints complaints;
  const auto specs = distinct(experiments);
  for (const auto& [text, experiment] : specs) {
    complaints.note(*experiment, [&] { read_input(part_of(experiment->input, "/input")); });
    complaints.note(*experiment,
                    [&] { read_dataset_options(part_of(experiment->dataset, "/dataset")); });
  }
  const bool asked = add_of_worker(specs, data_dirs, complaints);
  return {complaints.take(), asked};
}

/// Whether an epoch is every picture once; else the task says how long it is.
static bool goes_through_all(const ExperimentSpec& experiment) {
  const Json& options = experiment.task_options;
  return !options.contains("steps_per_epoch") && !options.contains("episodes_per_epoch");
}

std::vector<Error> wrong_data(const std::vector<ExperimentSpec>& experiments,
                              const Folders& data_dirs) {
  Complaints complaints;
  std::map<std::string, int64_t> pictures;  ///< to learn from, by data set
  for (const ExperimentSpec& experiment : experiments) {
    if (!trains(experiment.task)) continue;
    const auto [found, is_new] = pictures.try_emplace(experiment.dataset.dump(), 0);
    if (is_new)
      complaints.note(experiment, [&] {
        const Split split = splits_of(experiment.dataset).front();
        found->second =
            make_dataset(part_of(experiment.dataset, "/dataset"), split, data_dirs)->size();
      });
    const Recipe& recipe = experiment.recipe;
    if (goes_through_all(experiment) && recipe.drop_last && found->second > 0 &&
        recipe.batch_size > found->second)
      complaints.add({ErrorKind::kUsage, std::string(LayeredSpec::kMerged) + ": /recipe/batch_size",
                      fmt::format("a batch of {} is more than the {} pictures to learn from",
                                  recipe.batch_size, found->second),
                      "give a smaller batch, or \"drop_last\": false"},
                     experiment);
  }
  return complaints.take();
}

std::vector<Error> wrong_runs(const std::vector<PlannedRun>& runs, const Folders& data_dirs) {
  std::vector<ExperimentSpec> experiments;
  for (const PlannedRun& run : runs) experiments.push_back(run.experiment);
  const auto errors = wrong_options(experiments, data_dirs).errors;
  return errors.empty() ? wrong_data(experiments, data_dirs) : errors;
}

}  // namespace mra
