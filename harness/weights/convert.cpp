#include "harness/weights/convert.h"

#include <list>

#include "harness/base/error.h"
#include "harness/base/hash.h"
#include "harness/weights/safetensors.h"
#include "harness/weights/weight_file.h"

namespace mra {

Converted convert_weights(const std::filesystem::path& from, const std::filesystem::path& to) {
  check(to.extension() == ".safetensors", ErrorKind::kUsage, to.string(),
        "would be safetensors under another name", "name it *.safetensors");
  check(!std::filesystem::exists(to), ErrorKind::kUsage, to.string(), "exists already",
        "remove it first, or name another file");
  const WeightFile file(from);
  Converted converted{file.container(), state_dict_prefix(file)};
  std::list<WeightBytes> values;  // copies of strided ones live until they are written
  std::map<std::string, TensorView> views;
  for (const auto& [name, tensor] : state_dict_of(file)) {
    values.push_back(file.bytes(*tensor));
    views[name] = {tensor->dtype, tensor->shape, values.back().bytes};
    converted.bytes += tensor->size_bytes();
  }
  converted.tensors = views.size();
  check(converted.tensors > 0, ErrorKind::kIntegrity, from.string(), "holds no tensors",
        "name a file of weights");
  write_safetensors(to, views,
                    {{"format", "pt"},
                     {"source", from.filename().string()},
                     {"source_container", file.container()},
                     {"source_prefix", converted.prefix},
                     {"source_sha256", sha256_file(from)}});
  return converted;
}

}  // namespace mra
