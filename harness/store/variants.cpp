#include "harness/store/variants.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/suggest.h"
#include "harness/spec/inherit.h"
#include "harness/spec/spec_reader.h"

namespace mra {

namespace fs = std::filesystem;

static fs::path file_of(const fs::path& workspace) {
  return workspace / "variants.json";
}

std::map<std::string, Variant> read_variants(const fs::path& workspace) {
  std::map<std::string, Variant> variants;
  const fs::path file = file_of(workspace);
  if (!fs::exists(file)) return variants;
  const Json json = read_json_file(file);
  for (const auto& [label, entry] : json.items()) {
    SpecReader reader(entry, file.string(), "/" + label);
    variants[label] = {reader.required<std::vector<std::string>>("set"),
                       reader.required<std::vector<std::string>>("tables")};
  }
  return variants;
}

Variant find_variant(const fs::path& workspace, const std::string& label) {
  const auto variants = read_variants(workspace);
  const auto found = variants.find(label);
  if (found != variants.end()) return found->second;
  std::vector<std::string> known;
  for (const auto& [name, variant] : variants) known.push_back(name);
  fail(ErrorKind::kUsage, "--as", fmt::format("unknown label '{}'", label),
       known.empty() ? "define it first: harness run … --set … --as LABEL"
                     : suggestion(label, known));
}

void keep_variant(const fs::path& workspace, const std::string& label, const Variant& variant) {
  auto variants = read_variants(workspace);
  const auto [found, is_new] = variants.try_emplace(label, variant);
  check(found->second.overrides == variant.overrides, ErrorKind::kUsage, "--as",
        fmt::format("'{}' stands for --set {} already", label,
                    fmt::join(found->second.overrides, " --set ")),
        "choose another label");
  auto& tables = found->second.tables;
  for (const std::string& table : variant.tables)
    if (std::count(tables.begin(), tables.end(), table) == 0) tables.push_back(table);
  Json json = Json::object();
  for (const auto& [name, each] : variants)
    json[name] = {{"set", each.overrides}, {"tables", each.tables}};
  fs::create_directories(workspace);
  write_file_atomically(file_of(workspace), json.dump(1) + "\n");
}

}  // namespace mra
