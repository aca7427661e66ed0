#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace mra {

/// What a label stands for that `harness run … --set … --as LABEL` gave.
struct Variant {
  std::vector<std::string> overrides;  ///< "/json/pointer=value", of --set
  std::vector<std::string> tables;     ///< those that were run
};

/// The labels of a workspace, from its variants.json.
std::map<std::string, Variant> read_variants(const std::filesystem::path& workspace);

/// What `label` stands for; an Error of kind kUsage that names the nearest when it is unknown.
Variant find_variant(const std::filesystem::path& workspace, const std::string& label);

/// Writes a label down, or adds tables to it. An Error of kind kUsage when it stands for other
/// overrides already.
void keep_variant(const std::filesystem::path& workspace, const std::string& label,
                  const Variant& variant);

}  // namespace mra
