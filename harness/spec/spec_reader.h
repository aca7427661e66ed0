#pragma once

#include <limits>
#include <set>
#include <string>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// Reads one JSON object by key, with type and range. Every complaint names file and JSON pointer.
/// A reader is used once: read the keys, then reject_unread_keys().
class SpecReader {
 public:
  /// `json` must be an object. `file` and `pointer` say where it stands, for messages.
  SpecReader(Json json, std::string file, std::string pointer = "");

  bool has(const std::string& key) const { return json_.contains(key); }

  /// The value at `key`; T is bool, int64_t, double, std::string, Json or a std::vector of those.
  template <typename T>
  T required(const std::string& key);
  /// The same, or `fallback` when the key is absent.
  template <typename T>
  T optional(const std::string& key, T fallback) {
    asked_.insert(key);
    return has(key) ? required<T>(key) : fallback;
  }

  /// A number within [low, high].
  template <typename T>
  T in_range(const std::string& key, T low, T high);
  template <typename T>
  T in_range(const std::string& key, T fallback, T low, T high) {
    asked_.insert(key);
    return has(key) ? in_range(key, low, high) : fallback;
  }

  /// A text that is one of `names`; the error suggests the nearest.
  std::string one_of(const std::string& key, const std::vector<std::string>& names);
  std::string one_of(const std::string& key, const std::string& fallback,
                     const std::vector<std::string>& names) {
    asked_.insert(key);
    return has(key) ? one_of(key, names) : fallback;
  }

  /// A reader of the object at `key`; of an empty one when the key is absent and `may_lack`.
  SpecReader child(const std::string& key, bool may_lack = false);

  /// An Error for the first key that nobody read, with the nearest key that was asked for.
  void reject_unread_keys() const;

  /// "file: /pointer" or "file: /pointer/key", for errors of the caller.
  std::string where(const std::string& key = "") const;
  const std::string& file() const { return file_; }
  const std::string& pointer() const { return pointer_; }
  const Json& json() const { return json_; }

 private:
  Json json_;
  std::string file_;
  std::string pointer_;
  std::set<std::string> asked_;  ///< keys read or asked for
};

}  // namespace mra
