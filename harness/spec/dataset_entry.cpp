#include "harness/spec/dataset_entry.h"

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/spec/layered_spec.h"

namespace mra {

static Json filled(SpecReader dataset, const Json& known, int depth) {
  constexpr int kMostDepth = 8;
  check(depth < kMostDepth, ErrorKind::kUsage, dataset.where(), "a data set is made from itself",
        "give another name as its \"of\" in datasets.json");
  const std::string name = dataset.required<std::string>("name");
  std::vector<std::string> names;
  for (const auto& [key, value] : known.items()) names.push_back(key);
  check(known.contains(name), ErrorKind::kUsage, dataset.where("name"),
        fmt::format("unknown data set '{}'", name), suggestion(name, names));
  LayeredSpec layers;
  layers.add("datasets.json", "/" + name, {{"dataset", known[name]}});
  layers.add(dataset.file(), dataset.pointer(), {{"dataset", dataset.json()}});
  Json entry = layers.merged()["dataset"];
  entry.erase("note");
  entry.erase("checksums");
  if (entry.contains("of"))
    entry["of"] =
        filled({entry["of"], dataset.file(), dataset.pointer() + "/of"}, known, depth + 1);
  return entry;
}

Json full_dataset(SpecReader dataset, const Json& known) {
  return filled(std::move(dataset), known, 0);
}

}  // namespace mra
