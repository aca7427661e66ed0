#include "harness/data/data_folder.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/inside.h"

namespace mra {

namespace fs = std::filesystem;

std::string read_inner_path(SpecReader& options, const std::string& key,
                            const std::string& fallback) {
  const std::string path = options.optional<std::string>(key, fallback);
  check(stays_inside(path), ErrorKind::kUsage, options.where(key),
        fmt::format("'{}' leads out of the data folder", path),
        "name a folder inside it; the folder itself is given by --data-dir");
  return path;
}

DataFolder read_data_folder(SpecReader& options) {
  constexpr int64_t kMost = int64_t(1) << 40;
  DataFolder data;
  options.required<std::string>("kind");
  options.optional<std::string>("note", "");
  data.name = options.required<std::string>("name");
  data.folder = read_inner_path(options, "folder", data.name);
  data.classes = options.in_range<int64_t>("classes", 0, 0, 1 << 24);
  for (const Split split : {Split::kTrain, Split::kVal, Split::kTest})
    data.pictures[split] =
        options.in_range<int64_t>(std::string(name(split)) + "_pictures", 0, 0, kMost);
  return data;
}

static std::string joined(const Folders& paths) {
  std::string text;
  for (const fs::path& path : paths) text += (text.empty() ? "" : ", ") + path.string();
  return text;
}

static std::string layout_text(const DataFolder& data, const Folders& data_dirs,
                               const std::vector<std::string>& layout) {
  std::string text = "put the pictures as";
  for (const std::string& path : layout)
    text += fmt::format("\n         DIR/{}/{}", data.folder, path);
  text += "\n       and pass --data-dir DIR, or set HARNESS_DATA=DIR";
  std::error_code ignored;
  for (const fs::path& dir : data_dirs)
    for (const char* extension : {".tar.gz", ".tgz"}) {
      const fs::path archive = dir / (data.folder + extension);
      if (fs::exists(archive, ignored))
        text += fmt::format("\n       {} is there: unpack it with tar -xzf {} -C DIR",
                            archive.string(), archive.string());
    }
  return text;
}

fs::path locate_folder(const DataFolder& data, const Folders& data_dirs,
                       const std::vector<std::string>& layout) {
  const std::string where = fmt::format("data set '{}'", data.name);
  std::error_code ignored;
  for (const fs::path& dir : data_dirs) {
    if (!fs::is_directory(dir / data.folder, ignored)) continue;
    for (const std::string& path : layout)
      check(path.find('<') != std::string::npos || fs::exists(dir / data.folder / path, ignored),
            ErrorKind::kEnvironment, where,
            fmt::format("{} is missing", (dir / data.folder / path).string()),
            layout_text(data, data_dirs, layout));
    return dir / data.folder;
  }
  fail(ErrorKind::kEnvironment, where,
       data_dirs.empty() ? fmt::format("no folder '{}': no data directory is given", data.folder)
                         : fmt::format("no folder '{}' in {}", data.folder, joined(data_dirs)),
       layout_text(data, data_dirs, layout));
}

static void check_count(const fs::path& where, const char* what, int64_t found, int64_t expected) {
  check(expected == 0 || found == expected, ErrorKind::kIntegrity, where.string(),
        fmt::format("holds {} {}, expected {}", found, what, expected),
        "unpack the data set again, or change the count in its entry of datasets.json");
}

void check_counts(const DataFolder& data, Split split, int64_t classes, int64_t pictures,
                  const fs::path& where) {
  check_count(where, "classes", classes, data.classes);
  const auto expected = data.pictures.find(split);
  if (expected != data.pictures.end()) check_count(where, "pictures", pictures, expected->second);
}

}  // namespace mra
