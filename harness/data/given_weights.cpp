#include "harness/data/given_weights.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/inside.h"

namespace mra {

namespace fs = std::filesystem;

fs::path find_given_weights(const std::string& name, const std::string& where,
                            const std::vector<fs::path>& data_dirs) {
  check(is_file_name(name), ErrorKind::kUsage, where,
        fmt::format("'{}' is not a plain file name", name),
        "give the name without folders: the folders of --data-dir are searched for it");
  for (const fs::path& folder : data_dirs)
    for (const fs::path& path : {folder / name, folder / "weights" / name})
      if (fs::is_regular_file(path)) return path;
  fail(ErrorKind::kEnvironment, where, fmt::format("the weights '{}' are not found", name),
       "download them (the spec's note says from where) into a folder given by --data-dir");
}

std::optional<Error> absence_of_files(const std::vector<WeightsSource>& sources,
                                      const std::string& file,
                                      const std::vector<fs::path>& data_dirs) {
  try {
    for (const WeightsSource& source : sources)
      if (source.kind == WeightsSource::Kind::kFile)
        find_given_weights(source.name, fmt::format("{}: \"{}\"", file, text(source)), data_dirs);
  } catch (const Error& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace mra
