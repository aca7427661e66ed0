#include "harness/spec/layered_spec.h"

#include <optional>

#include <fmt/format.h>

#include "harness/spec/shallow_json.h"

namespace mra {

/// Where `patch` names another data set than `spec`: "/dataset", "/dataset/of", …
static std::optional<Json::json_pointer> place_of_another_dataset(const Json& spec,
                                                                  const Json& patch) {
  for (Json::json_pointer place("/dataset");; place /= "of") {
    const Json* there = find_at(spec, place);
    const Json* next = find_at(patch, place);
    if (!there || !next || !there->is_object() || !next->is_object()) return std::nullopt;
    if (there->contains("name") && next->contains("name") && there->at("name") != next->at("name"))
      return place;
  }
}

/// From the merged spec and from what the layers wrote.
void LayeredSpec::remove(const Json::json_pointer& place) {
  const auto remove_from = [&](Json& json) {
    if (find_at(json, place)) json[place.parent_pointer()].erase(place.back());
  };
  remove_from(merged_);
  for (Layer& layer : layers_) remove_from(layer.patch);
}

void LayeredSpec::add(const std::string& file, const std::string& pointer, const Json& patch) {
  if (const auto place = place_of_another_dataset(merged_, patch)) remove(*place);
  merged_.merge_patch(patch);
  layers_.push_back({file, pointer, patch});
}

std::string LayeredSpec::origin(const std::string& pointer) const {
  if (!is_json_pointer(pointer)) return fmt::format("{}: {}", file(), pointer);
  for (Json::json_pointer place(pointer);; place = place.parent_pointer()) {
    for (auto layer = layers_.rbegin(); layer != layers_.rend(); ++layer)
      if (find_at(layer->patch, place))
        return fmt::format("{}: {}{}", layer->file, layer->pointer, pointer);
    if (place.empty()) return fmt::format("{}: {}", file(), pointer);
  }
}

Error LayeredSpec::at_origin(const Error& error) const {
  const std::string prefix = std::string(kMerged) + ": ";
  if (!error.where.starts_with(prefix)) return error;
  return {error.kind, origin(error.where.substr(prefix.size())), error.what_happened, error.cure};
}

}  // namespace mra
