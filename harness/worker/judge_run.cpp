#include "harness/worker/judge_run.h"

#include <fmt/format.h>

#include "harness/base/disk.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/stopwatch.h"
#include "harness/data/picture_grid.h"
#include "harness/record/journal.h"
#include "harness/train/determinism.h"
#include "harness/train/device.h"
#include "harness/worker/environment.h"
#include "harness/worker/failures.h"
#include "harness/worker/run_request.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

NamedOptions named_options(const std::string& text) {
  const Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
  check(json.is_object() && json.size() == 1 && json.front().is_object(), ErrorKind::kUsage,
        "--judge", fmt::format("'{}' is not {{\"name\": {{options}}}}", text),
        "start judges through `harness run`");
  return {json.begin().key(), json.front(), "/" + json.begin().key()};
}

/// Returns the record that is judged, after checking that its weights have not changed.
RunRecord trained_record(const RunDirectory& directory) {
  const auto record = directory.record();
  check(record.has_value(), ErrorKind::kFailure, directory.path().string(), "is not trained yet",
        "start judges through `harness run`, which trains first");
  check(sha256_file(directory.weights_file()) == record->weights_sha256, ErrorKind::kIntegrity,
        directory.weights_file().string(), "is not the file of its record",
        "repeat the command with --fresh to train it again");
  return *record;
}

/// An existing judgement that was not read is damaged, so it is renamed.
void set_damaged_aside(const fs::path& path) {
  if (fs::exists(path)) fs::rename(path, path.string() + ".damaged");
}

/// Writes the picture, then the judgement, so that a judgement always has a complete picture.
void write_judgement(const RunDirectory& directory, Judgement judgement,
                     const std::optional<Image>& picture) {
  const std::string id = judgement_id(judgement.evaluator, judgement.options);
  fs::create_directories(directory.judged_folder());
  if (picture) {
    const fs::path path = directory.judged_folder() / (id + ".png");
    write_png(path, *picture);
    judgement.picture_file = path.filename().string();
    judgement.picture_sha256 = sha256_file(path);
  }
  set_damaged_aside(directory.judgement_file(id));
  write_file_atomically(directory.judgement_file(id), to_json(judgement).dump(1) + "\n");
}

int judge_all(const ExecuteOptions& options, const std::vector<std::string>& judges,
              const RunDirectory& directory, JournalWriter& journal,
              const std::atomic<bool>& stop) {
  const RunRequest request = read_request(directory);
  const RunRecord record = trained_record(directory);
  const torch::Device device = select_device(options.device);
  set_threads(options.threads);
  choose_kernels(options.determinism, request.spec.recipe.precision);
  Json environment = describe_environment(device, options.loader_threads);
  environment["determinism"] = options.determinism;
  environment["dataset"] =
      describe_dataset(request.spec.dataset, options.data_dirs, request.inputs);
  Json inputs = request.inputs;
  const Catalog& catalog = full_catalog();
  const TaskContext run = task_context(options, request, catalog, device, inputs);
  for (const std::string& text : judges) {
    const NamedOptions judge = named_options(text);
    const std::string id = judgement_id(judge.name, judge.options);
    if (find_judgement(record, id)) continue;
    if (stop) return exit_code(ErrorKind::kStopped);
    journal.append("judge", {{"judgement", id}});
    const Stopwatch watch;
    const std::string started_utc = utc_now();
    Judged judged = catalog.judges.make(
        judge.name, SpecReader(judge.options, request.spec.file, "/evaluate/" + judge.name),
        JudgeContext{run, directory.weights_file()});
    environment["inputs"] = inputs;
    write_judgement(directory,
                    {.evaluator = judge.name,
                     .options = judge.options,
                     .metrics = std::move(judged.metrics),
                     .details = std::move(judged.details),
                     .picture_file = "",
                     .picture_sha256 = "",
                     .weights_sha256 = record.weights_sha256,
                     .environment = environment,
                     .started_utc = started_utc,
                     .wall_s = watch.elapsed_s()},
                    judged.picture);
    journal.append("judged",
                   {{"judgement", id}, {"sha256", sha256_file(directory.judgement_file(id))}});
  }
  return 0;
}

}  // namespace

int judge_run(const ExecuteOptions& options, const std::vector<std::string>& judges,
              const std::atomic<bool>& stop) {
  const RunDirectory directory(options.directory);
  remove_temporaries(directory.judged_folder());
  JournalWriter journal(directory.journal_file());
  return report_failures(options.directory, journal,
                         [&] { return judge_all(options, judges, directory, journal, stop); });
}

}  // namespace mra
