#include "harness/spec/layered_spec.h"

#include <fmt/format.h>

#include "harness/spec/shallow_json.h"

namespace mra {

void LayeredSpec::add(const std::string& file, const std::string& pointer, const Json& patch) {
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

}  // namespace mra
