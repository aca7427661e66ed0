#include "harness/spec/inherit.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/inside.h"
#include "harness/base/suggest.h"

namespace mra {

namespace fs = std::filesystem;

/// Refuses an object with the same key twice: nlohmann would silently keep the last one.
static Json parse_without_duplicates(const std::string& text, const std::string& file) {
  std::vector<std::vector<std::string>> open_objects;
  const auto callback = [&](int depth, Json::parse_event_t event, Json& parsed) {
    check(depth < 64, ErrorKind::kUsage, file, "nested deeper than 64 levels", "flatten it");
    if (event == Json::parse_event_t::object_start) open_objects.emplace_back();
    if (event == Json::parse_event_t::object_end) open_objects.pop_back();
    if (event == Json::parse_event_t::key) {
      auto& keys = open_objects.back();
      const std::string key = parsed.get<std::string>();
      check(std::find(keys.begin(), keys.end(), key) == keys.end(), ErrorKind::kUsage, file,
            fmt::format("the key '{}' is in one object twice", key), "keep one of them");
      keys.push_back(key);
    }
    return true;
  };
  return Json::parse(text, callback);
}

Json read_json_file(const fs::path& path) {
  const std::string text = read_file(path);
  try {
    return parse_without_duplicates(text, path.string());
  } catch (const Json::exception& error) {
    const std::string message = error.what();
    const size_t start = message.find("] ");
    fail(ErrorKind::kUsage, path.string(),
         fmt::format("not valid JSON: {}",
                     start == std::string::npos ? message : message.substr(start + 2)),
         "correct the file at that place");
  }
}

/// Names of the specs in the folder of `name`, for suggestions.
static std::vector<std::string> siblings(const ExperimentFolders& folders,
                                         const std::string& name) {
  const fs::path folder = fs::path(name).parent_path();
  std::vector<std::string> names = folders.names_in(folder.string());
  for (std::string& one : names) one = (folder / one).string();
  return names;
}

static void read_chain(const ExperimentFolders& folders, const std::string& name,
                       const std::string& from, std::vector<std::string>& chain,
                       LayeredSpec& spec) {
  check(stays_inside(name), ErrorKind::kUsage, from,
        fmt::format("'{}' is not a name below the experiments folder", name),
        "name it like \"recipes/imagenet_r50_300ep\"");
  const bool cycle = std::find(chain.begin(), chain.end(), name) != chain.end();
  chain.push_back(name);
  check(!cycle, ErrorKind::kUsage, from,
        fmt::format("\"extends\" goes in a circle: {}", fmt::join(chain, " -> ")),
        "remove \"extends\" from one of them");
  const auto found = folders.find(name + ".json");
  check(found.has_value(), ErrorKind::kUsage, from, fmt::format("there is no spec '{}'", name),
        suggestion(name, siblings(folders, name)));
  const fs::path& path = *found;
  Json own = read_json_file(path);
  check(own.is_object(), ErrorKind::kUsage, path.string(), "expected an object",
        "write it as {\"key\": value, …}");
  if (own.contains("extends")) {
    const std::string where = path.string() + ": /extends";
    check(own["extends"].is_string(), ErrorKind::kUsage, where, "expected a string",
          "name one spec, like \"recipes/imagenet_r50_300ep\"");
    const std::string parent = own["extends"];
    own.erase("extends");
    read_chain(folders, parent, where, chain, spec);
  }
  spec.add(path.string(), "", own);
}

LayeredSpec read_inherited(const ExperimentFolders& folders, const std::string& name,
                           const std::string& from) {
  std::vector<std::string> chain;
  LayeredSpec spec;
  read_chain(folders, name, from, chain, spec);
  return spec;
}

}  // namespace mra
