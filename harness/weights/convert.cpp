#include "harness/weights/convert.h"

#include <list>

#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/base/text.h"
#include "harness/weights/safetensors.h"
#include "harness/weights/weight_file.h"

namespace mra {

Converted convert_weights(const std::filesystem::path& from, const std::filesystem::path& to,
                          const std::string& entry) {
  check(to.extension() == ".safetensors", ErrorKind::kUsage, to.string(),
        "is not the name of a safetensors file", "name it *.safetensors");
  check(!std::filesystem::exists(to), ErrorKind::kUsage, to.string(), "exists already",
        "remove it first, or name another file");
  const WeightFile file(from);
  Converted converted{file.container(), find_state_dict(file, entry), 0, 0, {}};
  KnownTensors known = known_tensors(file, converted.place.prefix, is_safetensors_dtype);
  converted.left_out = std::move(known.left_out);
  std::list<WeightBytes> values;  // copies of strided tensors live until they are written
  std::map<std::string, TensorView> views;
  for (const auto& [name, tensor] : known.tensors) {
    values.push_back(file.bytes(*tensor));
    views[name] = {tensor->dtype, tensor->shape, values.back().bytes};
    converted.bytes += tensor->size_bytes();
  }
  converted.tensors = views.size();
  check(converted.tensors > 0, ErrorKind::kIntegrity, from.string(),
        "has no tensors that safetensors can hold", "name a file of weights");
  write_safetensors(to, views,
                    {{"format", "pt"},
                     {"source", valid_utf8(from.filename().string())},
                     {"source_container", file.container()},
                     {"source_prefix", converted.place.prefix},
                     {"source_sha256", sha256_file(from)}});
  return converted;
}

}  // namespace mra
