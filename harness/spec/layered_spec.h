#pragma once

#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/spec/json.h"

namespace mra {

/// A spec merged from several places (RFC 7386: objects merge, everything else replaces, null
/// removes), which remembers where each value was written.
///
/// The options of a data set belong to it: a patch whose "dataset" has another "name" replaces the
/// whole of "dataset", and so does one below its "of". Other objects with a name merge, since their
/// options hold for any name: a scale makes every network narrow, every algorithm's epochs short.
class LayeredSpec {
 public:
  /// Merges `patch`, which stands at `pointer` of `file`, over what is there.
  void add(const std::string& file, const std::string& pointer, const Json& patch);

  const Json& merged() const { return merged_; }

  /// "file: /pointer" of the last place that wrote the value at `pointer` of the merged spec, or
  /// its nearest parent when nobody did.
  std::string origin(const std::string& pointer) const;

  /// What stands for the file in messages about the merged spec.
  static constexpr const char* kMerged = "(merged spec)";
  /// `error`, if it is of the merged spec, told of the file and place that wrote the value.
  Error at_origin(const Error& error) const;

  /// The file that was added first.
  const std::string& file() const { return layers_.front().file; }

  struct Layer {
    std::string file, pointer;
    Json patch;
  };
  const std::vector<Layer>& layers() const { return layers_; }

 private:
  void remove(const Json::json_pointer& place);

  Json merged_ = Json::object();
  std::vector<Layer> layers_;
};

}  // namespace mra
