#include "harness/cli/picture_program.h"

#include "harness/base/program.h"
#include "harness/record/run_directory.h"
#include "harness/run/outcome.h"
#include "harness/run/worker_process.h"
#include "harness/store/result_store.h"

namespace mra {

namespace fs = std::filesystem;

void check_pictures(const std::vector<fs::path>& pictures) {
  for (const fs::path& picture : pictures)
    check(fs::is_regular_file(picture), ErrorKind::kUsage, picture.string(),
          fs::is_directory(picture) ? "is a folder"
          : fs::exists(picture)     ? "is not a regular file"
                                    : "is not there",
          "give picture files");
}

std::optional<fs::path> recorded_weights(const Context& context, const ExperimentSpec& experiment) {
  const auto store = ResultStore::open_read_only(ResultStore::path_of(context.workspace));
  for (const int64_t seed : experiment.seeds) {
    const RunId id{experiment.key, seed};
    const auto record = store.run(id);
    if (!record) continue;
    const fs::path path = RunDirectory::path_of(context.workspace, id) / record->weights_file;
    if (fs::is_regular_file(path)) return path;
  }
  return std::nullopt;
}

Json draw_with_worker(const std::vector<std::string>& words, const std::string& where) {
  const ProgramResult result = run_program(find_worker(), words, /*show_errors=*/true);
  check(result.exit_code == 0, kind_of_exit(result.exit_code), where, "could not be shown",
        "the reason stands above");
  Json document = Json::parse(result.output, nullptr, /*allow_exceptions=*/false);
  return document.is_discarded() ? Json::object() : document;
}

}  // namespace mra
