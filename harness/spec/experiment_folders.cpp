#include "harness/spec/experiment_folders.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/inside.h"
#include "harness/base/text.h"
#include "harness/spec/inherit.h"

namespace mra {

namespace fs = std::filesystem;

[[noreturn]] static void fail_twice(const std::string& what, const fs::path& first,
                                    const fs::path& second) {
  fail(ErrorKind::kUsage, second.string(),
       fmt::format("{} is defined in {} already", what, first.string()), "give it another name");
}

ExperimentFolders::ExperimentFolders(std::vector<fs::path> roots) : roots_(std::move(roots)) {
  const fs::path& own = roots_.front();
  check(fs::is_directory(own / "tables") && fs::is_directory(own / "scales"), ErrorKind::kUsage,
        own.string(), "is not a folder of experiments (tables/, scales/, …)",
        "set HARNESS_EXPERIMENTS to one, or reinstall");
  for (const fs::path& root : roots_)
    check(fs::is_directory(root), ErrorKind::kUsage, root.string(), "is not a folder",
          "give one with tables/, recipes/ or a datasets.json; harness init makes an example");
}

std::optional<fs::path> ExperimentFolders::find(const std::string& name) const {
  std::optional<fs::path> found;
  std::error_code no_name;  // of a file: too long, say
  for (const fs::path& root : roots_) {
    if (!fs::exists(root / name, no_name)) continue;
    if (found) fail_twice(name, *found, root / name);
    found = root / name;
  }
  return found;
}

fs::path ExperimentFolders::path_of(const std::string& name) const {
  return find(name).value_or(roots_.front() / name);
}

std::vector<std::string> ExperimentFolders::names_in(const std::string& subfolder) const {
  std::set<std::string> names;
  std::error_code absent;
  for (const fs::path& root : roots_)
    for (const auto& entry : fs::directory_iterator(root / subfolder, absent))
      if (entry.path().extension() == ".json") names.insert(entry.path().stem().string());
  return {names.begin(), names.end()};
}

Json ExperimentFolders::entries_of(const std::string& name) const {
  Json all = Json::object();
  std::map<std::string, fs::path> origins;
  for (size_t i = 0; i < roots_.size(); ++i) {
    const fs::path path = roots_[i] / name;
    if (i > 0 && !fs::exists(path)) continue;
    const Json entries = read_json_file(path);
    check(entries.is_object(), ErrorKind::kUsage, path.string(), "expected an object",
          "write it as {\"name\": {…}, …}");
    for (const auto& [key, value] : entries.items()) {
      const auto [origin, is_new] = origins.emplace(key, path);
      if (!is_new) fail_twice(fmt::format("'{}'", key), origin->second, path);
      all[key] = value;
    }
  }
  return all;
}

fs::path ExperimentFolders::file_of_entry(const std::string& name, const std::string& key) const {
  for (const fs::path& root : roots_)
    if (fs::exists(root / name) && read_json_file(root / name).contains(key)) return root / name;
  return roots_.front() / name;
}

std::optional<fs::path> find_policy_file(const ExperimentFolders& folders,
                                         const std::string& named) {
  if (named.ends_with(".json")) return named;
  return is_file_name(named) ? folders.find("policies/" + named + ".json") : std::nullopt;
}

std::string text(const ExperimentFolders& folders) {
  std::string all;
  for (const fs::path& root : folders.roots()) {
    if (!all.empty()) all += ':';
    all += root.string();
  }
  return all;
}

/// The program's own: the source tree, or the installed share folder, seen from the running
/// program.
static fs::path own_experiments() {
  std::error_code ignored;
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  for (fs::path folder = program.parent_path(); folder != folder.root_path();
       folder = folder.parent_path()) {
    for (const char* place : {"experiments", "share/harness/experiments"})
      if (fs::is_directory(folder / place / "tables")) return folder / place;
  }
  fail(ErrorKind::kEnvironment, program.string(), "cannot find its folder of experiments",
       "set HARNESS_EXPERIMENTS to the folder experiments/ of the source");
}

/// The nearest folder "experiments" from the working directory upward that adds to a whole set.
static std::optional<fs::path> nearby_experiments() {
  std::error_code gone;  // the working directory may be
  for (fs::path folder = fs::current_path(gone); !folder.empty(); folder = folder.parent_path()) {
    const fs::path found = folder / "experiments";
    if (fs::is_directory(found, gone)) {
      const bool whole = fs::exists(found / "scales", gone);
      const bool adds = fs::exists(found / "tables", gone) || fs::exists(found / "recipes", gone) ||
                        fs::exists(found / "datasets.json", gone);
      if (whole || !adds) return std::nullopt;
      return found;
    }
    if (folder == folder.root_path()) break;
  }
  return std::nullopt;
}

ExperimentFolders find_experiments(const std::vector<fs::path>& given) {
  std::vector<fs::path> roots;
  if (const char* named = std::getenv("HARNESS_EXPERIMENTS"))
    for (const std::string& root : split(named, ':')) roots.push_back(root);
  if (roots.empty()) roots.push_back(own_experiments());
  const auto add = [&](const fs::path& root) {
    const auto same = [&](const fs::path& other) {
      std::error_code absent;
      return fs::equivalent(root, other, absent);
    };
    if (std::none_of(roots.begin(), roots.end(), same)) roots.push_back(root);
  };
  for (const fs::path& root : given) add(root);
  if (const auto nearby = given.empty() ? nearby_experiments() : std::nullopt) add(*nearby);
  return ExperimentFolders(std::move(roots));
}

}  // namespace mra
