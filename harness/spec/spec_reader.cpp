#include "harness/spec/spec_reader.h"

#include <algorithm>
#include <cmath>
#include <type_traits>
#include <utility>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/base/suggest.h"

namespace mra {

namespace {

template <typename T>
struct Kind;
template <>
struct Kind<bool> {
  static constexpr const char* kName = "true or false";
  static Json schema() { return {{"type", "boolean"}}; }
  static bool fits(const Json& value) { return value.is_boolean(); }
};
template <>
struct Kind<int64_t> {
  static constexpr const char* kName = "a whole number";
  static Json schema() { return {{"type", "integer"}}; }
  static bool fits(const Json& value) {
    return value.is_number_integer() &&
           (!value.is_number_unsigned() || value.get<uint64_t>() <= uint64_t(INT64_MAX));
  }
};
template <>
struct Kind<double> {
  static constexpr const char* kName = "a number";
  static Json schema() { return {{"type", "number"}}; }
  static bool fits(const Json& value) { return value.is_number(); }
};
template <>
struct Kind<std::string> {
  static constexpr const char* kName = "a string";
  static Json schema() { return {{"type", "string"}}; }
  static bool fits(const Json& value) { return value.is_string(); }
};
template <>
struct Kind<Json> {
  static constexpr const char* kName = "a value";
  static Json schema() { return Json::object(); }
  static bool fits(const Json&) { return true; }
};
template <typename T>
struct Kind<std::vector<T>> {
  static constexpr const char* kName = "a list";
  static Json schema() { return {{"type", "array"}, {"items", Kind<T>::schema()}}; }
  static bool fits(const Json& value) {
    if (!value.is_array()) return false;
    for (const Json& item : value)
      if (!Kind<T>::fits(item)) return false;
    return true;
  }
};

std::string shortened(const Json& value) {
  const std::string text = value.dump(-1, ' ', false, Json::error_handler_t::replace);
  return text.size() <= 60 ? text : text.substr(0, 57) + "...";
}

/// What leads to `key` in a JSON pointer: "/a~1b" for the key "a/b".
std::string step_to(const std::string& key) {
  return (Json::json_pointer() / key).to_string();
}

}  // namespace

SpecReader::SpecReader(Json json, std::string file, std::string pointer)
    : json_(std::move(json)), file_(std::move(file)), pointer_(std::move(pointer)) {
  check(json_.is_object(), ErrorKind::kUsage, where(),
        fmt::format("expected an object, found {}", shortened(json_)),
        "write it as {\"key\": value, …}");
}

std::string SpecReader::where(const std::string& key) const {
  const std::string below = key.empty() ? "" : step_to(key);
  return fmt::format("{}: {}{}", file_, pointer_, below.empty() && pointer_.empty() ? "/" : below);
}

template <typename T>
T SpecReader::required(const std::string& key) {
  asked_.insert(key);
  if (describing()) {
    describe_type<T>(key);
    describe_required(key);
    if constexpr (std::is_same_v<T, std::string>) return "<" + key + ">";
    return T();
  }
  check(has(key), ErrorKind::kUsage, where(key),
        fmt::format("missing, expected {}", Kind<T>::kName), fmt::format("add \"{}\"", key));
  const Json& value = json_.at(key);
  check(Kind<T>::fits(value), ErrorKind::kUsage, where(key),
        fmt::format("expected {}, found {}", Kind<T>::kName, shortened(value)),
        fmt::format("give {}", Kind<T>::kName));
  return value.get<T>();
}

template bool SpecReader::required(const std::string&);
template int64_t SpecReader::required(const std::string&);
template double SpecReader::required(const std::string&);
template std::string SpecReader::required(const std::string&);
template Json SpecReader::required(const std::string&);
template std::vector<int64_t> SpecReader::required(const std::string&);
template std::vector<double> SpecReader::required(const std::string&);
template std::vector<std::string> SpecReader::required(const std::string&);
template std::vector<Json> SpecReader::required(const std::string&);

template <typename T>
T SpecReader::in_range(const std::string& key, T low, T high) {
  const T value = required<T>(key);
  if (describing()) {
    describe(key, {{"minimum", low}, {"maximum", high}});
    return low;
  }
  check(value >= low && value <= high, ErrorKind::kUsage, where(key),
        fmt::format("{} is outside {} … {}", value, low, high),
        fmt::format("give a number from {} to {}", low, high));
  return value;
}

template int64_t SpecReader::in_range(const std::string&, int64_t, int64_t);
template double SpecReader::in_range(const std::string&, double, double);

std::string SpecReader::one_of(const std::string& key, const std::vector<std::string>& names) {
  const std::string value = required<std::string>(key);
  if (describing()) {
    describe(key, {{"enum", names}});
    return names.front();
  }
  for (const std::string& name : names)
    if (value == name) return value;
  fail(ErrorKind::kUsage, where(key), fmt::format("unknown value '{}'", value),
       suggestion(value, names));
}

std::string SpecReader::deciding(const std::string& key, const std::vector<std::string>& names) {
  if (!describing()) return one_of(key, names);
  if (has(key)) return one_of(key, {json_.at(key).get<std::string>()});
  (*schema_)["anyOf"] = key;  // schema_of() then gives each name
  return one_of(key, names);
}

SpecReader SpecReader::child(const std::string& key, bool may_lack) {
  asked_.insert(key);
  if (describing()) {
    describe(key, {{"type", "object"}});
    if (!may_lack) describe_required(key);
    return SpecReader(*this, step_to(key), (*schema_)["properties"][key]);
  }
  if (may_lack && !has(key)) return SpecReader(Json::object(), file_, pointer_ + step_to(key));
  return SpecReader(required<Json>(key), file_, pointer_ + step_to(key));
}

std::vector<SpecReader> SpecReader::children(const std::string& key) {
  const auto items = required<std::vector<Json>>(key);
  std::vector<SpecReader> readers;
  for (size_t i = 0; i < items.size(); ++i)
    readers.emplace_back(items[i], file_, fmt::format("{}{}/{}", pointer_, step_to(key), i));
  if (describing()) {
    describe(key, {{"items", {{"type", "object"}}}});
    readers.push_back(SpecReader(*this, step_to(key), (*schema_)["properties"][key]["items"]));
  }
  return readers;
}

void SpecReader::reject_unread_keys() const {
  if (describing()) (*schema_)["additionalProperties"] = false;
  const std::vector<std::string> known(asked_.begin(), asked_.end());
  for (const auto& [key, value] : json_.items())
    if (!asked_.contains(key))
      fail(ErrorKind::kUsage, where(key), "unknown key", suggestion(key, known));
  if (!makes_) throw OptionsRead();
}

SpecReader::SpecReader(const SpecReader& above, const std::string& step, Json& schema)
    : json_(Json::object()),
      file_(above.file_),
      pointer_(above.pointer_ + step),
      schema_(&schema) {}

void SpecReader::describe(const std::string& key, const Json& more) {
  if (describing()) (*schema_)["properties"][key].update(more);
}

template <typename T>
void SpecReader::describe_type(const std::string& key) {
  describe(key, Kind<T>::schema());
}

template void SpecReader::describe_type<bool>(const std::string&);
template void SpecReader::describe_type<int64_t>(const std::string&);
template void SpecReader::describe_type<double>(const std::string&);
template void SpecReader::describe_type<std::string>(const std::string&);
template void SpecReader::describe_type<Json>(const std::string&);
template void SpecReader::describe_type<std::vector<int64_t>>(const std::string&);
template void SpecReader::describe_type<std::vector<double>>(const std::string&);
template void SpecReader::describe_type<std::vector<std::string>>(const std::string&);
template void SpecReader::describe_type<std::vector<Json>>(const std::string&);

void SpecReader::describe_required(const std::string& key) {
  Json& required = (*schema_)["required"];
  if (std::find(required.begin(), required.end(), key) == required.end()) required.push_back(key);
}

void read_only(const SpecReader& options, const std::function<void(SpecReader)>& factory) {
  SpecReader reader = options;
  reader.makes_ = false;
  try {
    factory(std::move(reader));
  } catch (const OptionsRead&) {
  }
}

Json schema_of(const std::function<void(SpecReader)>& factory) {
  const auto schema_with = [&](Json given) {
    Json schema = {{"type", "object"}};
    SpecReader reader(SpecReader(Json::object(), "schema"), "", schema);
    reader.json_ = std::move(given);
    read_only(reader, factory);
    return schema;
  };
  const Json schema = schema_with(Json::object());
  if (!schema.contains("anyOf")) return schema;
  const std::string key = schema["anyOf"];
  Json schemas = Json::array();
  for (const Json& name : schema["properties"][key]["enum"])
    schemas.push_back(schema_with({{key, name}}));
  return {{"anyOf", schemas}};
}

}  // namespace mra
