#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// Thrown by SpecReader::reject_unread_keys() where a factory is to read its options and make
/// nothing: see read_only().
struct OptionsRead {};

/// Reads one JSON object by key, with type and range. Every complaint names file and JSON pointer.
/// A reader is used once: read the keys, then reject_unread_keys(). The reader that schema_of()
/// makes reads nothing: it notes what is asked for, and gives defaults or lowest values.
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
    if (has(key)) return required<T>(key);
    if (describing()) describe_type<T>(key);
    if (describing()) describe(key, {{"default", fallback}});
    return fallback;
  }
  /// The same, or nothing when the key is absent.
  template <typename T>
  std::optional<T> if_there(const std::string& key) {
    asked_.insert(key);
    if (describing()) describe_type<T>(key);
    return has(key) ? std::optional<T>(required<T>(key)) : std::nullopt;
  }

  /// A number within [low, high].
  template <typename T>
  T in_range(const std::string& key, T low, T high);
  template <typename T>
  T in_range(const std::string& key, T fallback, T low, T high) {
    if (has(key)) return in_range(key, low, high);
    if (describing()) describe(key, {{"minimum", low}, {"maximum", high}});
    return optional<T>(key, fallback);
  }

  template <typename T>
  std::optional<T> in_range_if_there(const std::string& key, T low, T high) {
    if (has(key)) return in_range(key, low, high);
    if (describing()) describe(key, {{"minimum", low}, {"maximum", high}});
    return if_there<T>(key);
  }

  /// A text that is one of `names`; the error suggests the nearest.
  std::string one_of(const std::string& key, const std::vector<std::string>& names);
  std::string one_of(const std::string& key, const std::string& fallback,
                     const std::vector<std::string>& names) {
    if (has(key)) return one_of(key, names);
    if (describing()) describe(key, {{"enum", names}});
    return optional<std::string>(key, fallback);
  }

  /// A text that is one of `names` and decides which other keys there are: schema_of() describes
  /// what is read for each name. A factory reads at most one such key, and none in a child.
  std::string deciding(const std::string& key, const std::vector<std::string>& names);

  /// A reader of the object at `key`; of an empty one when the key is absent and `may_lack`.
  SpecReader child(const std::string& key, bool may_lack = false);

  /// Readers of the objects in the list at `key`.
  std::vector<SpecReader> children(const std::string& key);

  /// Whether nothing is read: see schema_of().
  bool describing() const { return schema_ != nullptr; }
  /// Adds to what a JSON Schema says of `key`. Does nothing where a spec is read.
  void describe(const std::string& key, const Json& more);

  /// An Error for the first key that nobody read, with the nearest key that was asked for.
  void reject_unread_keys() const;

  /// "file: /pointer" or "file: /pointer/key", for errors of the caller.
  std::string where(const std::string& key = "") const;
  const std::string& file() const { return file_; }
  const std::string& pointer() const { return pointer_; }
  const Json& json() const { return json_; }

 private:
  friend Json schema_of(const std::function<void(SpecReader)>& factory);
  friend void read_only(const SpecReader& options, const std::function<void(SpecReader)>& factory);
  SpecReader(const SpecReader& above, const std::string& step, Json& schema);
  template <typename T>
  void describe_type(const std::string& key);
  void describe_required(const std::string& key);

  Json json_;
  std::string file_;
  std::string pointer_;
  std::set<std::string> asked_;  ///< keys read or asked for
  Json* schema_ = nullptr;       ///< what is described; null: something is read
  bool makes_ = true;            ///< whether its factory goes on after reading
};

/// Lets `factory` read `options`, with all its complaints, but make nothing of them: it ends at
/// reject_unread_keys().
void read_only(const SpecReader& options, const std::function<void(SpecReader)>& factory);

/// JSON Schema of the object that `factory` reads: every key it asks for, with type, range, names
/// and default. So it cannot say anything else than the reader does. As in read_only(), nothing is
/// made. Where a name is deciding(), it is "anyOf" the schemas for each name.
Json schema_of(const std::function<void(SpecReader)>& factory);

}  // namespace mra
