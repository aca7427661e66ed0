#include "harness/cli/picture_program.h"

#include <cctype>

#include <fmt/format.h>

#include "harness/record/run_directory.h"

namespace mra {

namespace fs = std::filesystem;

void check_pictures(const std::vector<fs::path>& pictures, const fs::path& output) {
  std::string ending = output.extension().string();
  for (char& letter : ending) letter = char(std::tolower(uint8_t(letter)));
  check(ending == ".png", ErrorKind::kUsage, "--output",
        fmt::format("'{}' is not the name of a PNG file", output.filename().string()),
        "give a name that ends in .png");
  for (const fs::path& picture : pictures)
    check(fs::is_regular_file(picture), ErrorKind::kUsage, picture.string(),
          fs::is_directory(picture) ? "is a folder"
          : fs::exists(picture)     ? "is not a regular file"
                                    : "does not exist",
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

}  // namespace mra
