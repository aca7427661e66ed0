#include "harness/spec/weights_source.h"

#include <algorithm>

namespace mra {

static constexpr const char* kRun = "run:";
static constexpr const char* kFile = "file:";

std::optional<WeightsSource> weights_source(const std::string& value) {
  for (const auto& [prefix, kind] :
       {std::pair{kRun, WeightsSource::Kind::kRun}, std::pair{kFile, WeightsSource::Kind::kFile}})
    if (value.starts_with(prefix))
      return WeightsSource{kind, value.substr(std::string(prefix).size())};
  return std::nullopt;
}

std::string text(const WeightsSource& source) {
  return (source.kind == WeightsSource::Kind::kRun ? kRun : kFile) + source.name;
}

static void collect(const Json& node, std::vector<WeightsSource>& found) {
  if (node.is_structured())
    for (const Json& child : node) collect(child, found);
  if (!node.is_string()) return;
  const auto source = weights_source(node.get<std::string>());
  const auto same = [&](const WeightsSource& other) { return text(other) == text(*source); };
  if (source && std::none_of(found.begin(), found.end(), same)) found.push_back(*source);
}

std::vector<WeightsSource> weights_sources(const Json& spec) {
  std::vector<WeightsSource> found;
  collect(spec, found);
  return found;
}

}  // namespace mra
