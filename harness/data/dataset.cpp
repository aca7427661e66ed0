#include "harness/data/dataset.h"

#include <algorithm>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"
#include "harness/data/dataset_kind.h"

namespace mra {

#define DATASET(name, kind) extern const DatasetKind kind;
#include "harness/data/datasets.def"
#undef DATASET

static const DatasetKind& kind_of(SpecReader options) {
  const std::string kind = options.required<std::string>("kind");
  std::vector<std::string> known;
#define DATASET(its_name, its_kind) \
  known.push_back(its_name);        \
  if (kind == its_name) return its_kind;
#include "harness/data/datasets.def"
#undef DATASET
  fail(ErrorKind::kUsage, options.where("kind"), "unknown kind of data set '" + kind + "'",
       suggestion(kind, known));
}

const char* name(Split split) {
  static constexpr const char* kNames[] = {"train", "val", "test", "unlabelled", "base", "novel"};
  return kNames[size_t(split)];
}

std::unique_ptr<Dataset> make_dataset(SpecReader options, Split split, const Folders& data_dirs) {
  const DatasetKind& kind = kind_of(options);
  const std::vector<Split> splits = kind.splits(options.json());
  std::string known;
  for (const Split each : splits) known += (known.empty() ? "" : ", ") + std::string(name(each));
  check(std::find(splits.begin(), splits.end(), split) != splits.end(), ErrorKind::kUsage,
        options.where(), fmt::format("this data set has no split '{}'", name(split)),
        fmt::format("name another data set; this one has {}", known));
  return kind.make(std::move(options), split, data_dirs);
}

void read_dataset_options(const SpecReader& options) {
  read_only(options, [](SpecReader all) { kind_of(all).locate(std::move(all), {}); });
  if (options.has("of")) read_dataset_options(SpecReader(options).child("of"));
}

/// Removes the default, which may depend on the kind. A maximum may depend on another option.
static Json without_default(Json option) {
  option.erase("default");
  option.erase("maximum");
  return option;
}

static Json options_of(const DatasetKind& kind) {
  return schema_of([&kind](SpecReader options) { kind.locate(std::move(options), {}); });
}

std::map<std::string, Json> dataset_kind_schemas() {
  return {
#define DATASET(its_name, its_kind) {its_name, options_of(its_kind)},
#include "harness/data/datasets.def"
#undef DATASET
  };
}

Json dataset_schema() {
  Json properties = {{"kind", {{"type", "string"}}}};
  for (const auto& [kind, schema] : dataset_kind_schemas()) {
    properties["kind"]["enum"].push_back(kind);
    for (const auto& [key, option] : schema["properties"].items())
      if (key != "kind") properties[key]["anyOf"].push_back(without_default(option));
  }
  properties["of"] = {{"$ref", "#/$defs/dataset"}};
  properties["checksums"] = {{"type", "object"}};  // read by data/checksums.cpp
  return {{"type", "object"}, {"properties", properties}, {"additionalProperties", false}};
}

std::vector<Split> splits_of(const Json& dataset) {
  return kind_of(SpecReader(dataset, "datasets.json")).splits(dataset);
}

std::filesystem::path locate_dataset(SpecReader options, const Folders& data_dirs) {
  return kind_of(options).locate(options, data_dirs);
}

}  // namespace mra
