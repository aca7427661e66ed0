#include "harness/data/own_dataset.h"

#include <regex>

#include <fmt/format.h>

#include "harness/base/file.h"

namespace mra {

namespace {

namespace fs = std::filesystem;

/// The folders of the two splits, by the names that people give them.
struct SplitFolders {
  std::string train, val;
};

std::optional<SplitFolders> split_folders(const fs::path& folder) {
  SplitFolders found;
  for (const char* name : {"training", "train"})
    if (fs::is_directory(folder / name)) found.train = name;
  for (const char* name : {"test", "validation", "valid", "val"})
    if (fs::is_directory(folder / name)) found.val = name;
  if (found.train.empty() || found.val.empty()) return std::nullopt;
  return found;
}

/// The splits of `folder`; an Error tells when the data set lies one level above or below it.
SplitFolders splits_of_folder(const fs::path& folder) {
  check(fs::is_directory(folder), ErrorKind::kUsage, folder.string(), "is not a folder",
        "name the folder that holds train and val");
  if (const auto found = split_folders(folder)) return *found;
  const auto told = [&](const std::string& level, const fs::path& other) {
    fail(ErrorKind::kUsage, folder.string(), "is one level too " + level, "name " + other.string());
  };
  if (split_folders(folder.parent_path())) told("low", folder.parent_path());
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory() && split_folders(entry.path())) told("high", entry.path());
  fail(ErrorKind::kUsage, folder.string(), "has no folders train and val",
       "put the pictures as train/<class>/<picture> and val/<class>/<picture>");
}

/// The user's own datasets.json: of the last folder of experiments that is not the program's, else
/// of ./experiments.
fs::path own_datasets(const ExperimentFolders& experiments) {
  const auto& roots = experiments.roots();
  return (roots.size() > 1 ? roots.back() : fs::path("experiments")) / "datasets.json";
}

/// Adds an entry and keeps the order and the text of the others.
void add_entry(const fs::path& file, const std::string& name, const Json& entry) {
  using OrderedJson = nlohmann::ordered_json;
  OrderedJson all = OrderedJson::object();
  if (fs::exists(file))
    all = OrderedJson::parse(read_file(file), nullptr, /*allow_exceptions=*/false);
  check(all.is_object(), ErrorKind::kUsage, file.string(), "is not a JSON object",
        "correct it; harness check shows where it is wrong");
  all[name] = OrderedJson::parse(entry.dump());
  if (!file.parent_path().empty()) fs::create_directories(file.parent_path());
  write_file_atomically(file, all.dump(2) + "\n");
}

}  // namespace

void check_new_name(const ExperimentFolders& experiments, const std::string& name) {
  static const std::regex kName("[A-Za-z0-9][A-Za-z0-9_.-]*");
  check(std::regex_match(name, kName), ErrorKind::kUsage, "NAME",
        fmt::format("'{}' cannot be the name of a data set", name),
        "use letters, digits, '_', '-' and '.' only, and begin with a letter or digit");
  check(!known_datasets(experiments).contains(name), ErrorKind::kUsage, "NAME",
        fmt::format("there is a data set '{}' already", name), "choose another name");
}

fs::path write_entry(const ExperimentFolders& experiments, const std::string& name,
                     const Json& entry) {
  check_new_name(experiments, name);
  const fs::path file = own_datasets(experiments);
  add_entry(file, name, entry);
  return file;
}

AddedDataset add_dataset(const ExperimentFolders& experiments, const std::string& name,
                         const fs::path& path) {
  check_new_name(experiments, name);
  const fs::path folder = fs::weakly_canonical(path);
  const SplitFolders splits = splits_of_folder(folder);
  Json entry = {{"kind", "class_folders"},
                {"folder", folder.filename().string()},
                {"train", splits.train},
                {"val", splits.val}};
  Json dataset = entry;
  dataset["name"] = name;
  const DataState state = look_at(dataset, "harness data add", {folder.parent_path()});
  if (state.error) throw *state.error;
  entry["classes"] = state.classes;
  for (const auto& [split, count] : state.pictures)
    entry[std::string(mra::name(split)) + "_pictures"] = count;
  const fs::path file = write_entry(experiments, name, entry);
  return {file, folder.parent_path(), entry, state};
}

}  // namespace mra
