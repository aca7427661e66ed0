#include "harness/spec/spec_reader.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/spec/experiment.h"
#include "harness/spec/table.h"

namespace mra {
namespace {

TEST(SchemaOf, NotesEveryKeyThatIsAskedFor) {
  const Json schema = schema_of([](SpecReader spec) {
    EXPECT_EQ(spec.required<std::string>("name"), "<name>");
    EXPECT_EQ(spec.in_range<int64_t>("epochs", 1, 9), 1);
    EXPECT_EQ(spec.in_range("prob", 0.5, 0.0, 1.0), 0.5);
    EXPECT_EQ(spec.one_of("kind", "b", {"a", "b"}), "b");
    EXPECT_FALSE(spec.if_there<bool>("flag"));
    SpecReader child = spec.child("child", true);
    child.optional<std::vector<double>>("list", {});
    child.reject_unread_keys();
    for (SpecReader& row : spec.children("rows")) row.required<std::string>("label");
  });
  EXPECT_EQ(schema, Json::parse(R"({
    "type": "object",
    "required": ["name", "epochs", "rows"],
    "properties": {
      "name": {"type": "string"},
      "epochs": {"type": "integer", "minimum": 1, "maximum": 9},
      "prob": {"type": "number", "minimum": 0.0, "maximum": 1.0, "default": 0.5},
      "kind": {"type": "string", "enum": ["a", "b"], "default": "b"},
      "flag": {"type": "boolean"},
      "child": {"type": "object", "additionalProperties": false, "properties": {
        "list": {"type": "array", "items": {"type": "number"}, "default": []}}},
      "rows": {"type": "array", "items": {"type": "object", "required": ["label"], "properties": {
        "label": {"type": "string"}}}}
    }})"));
}

TEST(SchemaOf, HasASchemaForEachDecidingName) {
  const auto factory = [](SpecReader spec) {
    const std::string method = spec.deciding("method", {"a", "b"});
    spec.optional<bool>("shared", true);
    SpecReader options = spec.child("options", true);
    options.optional<int64_t>("of_" + method, 0);
    options.reject_unread_keys();
    spec.reject_unread_keys();
  };
  const Json schema = schema_of(factory);
  ASSERT_EQ(schema["anyOf"].size(), 2u);
  for (const auto& [i, name] : {std::pair(0, "a"), std::pair(1, "b")}) {
    const Json one = schema["anyOf"][size_t(i)];
    EXPECT_EQ(one["properties"]["method"]["enum"], Json::array({name}));
    EXPECT_EQ(one["required"], Json::array({"method"}));
    EXPECT_EQ(one["properties"]["shared"]["default"], true);
    EXPECT_EQ(one["additionalProperties"], false);
    const Json options = one["properties"]["options"]["properties"];
    EXPECT_EQ(options.size(), 1u);
    EXPECT_TRUE(options.contains(std::string("of_") + name));
  }
  factory(SpecReader({{"method", "b"}, {"options", {{"of_b", 1}}}}, "a.json"));
  EXPECT_THROW(factory(SpecReader({{"method", "c"}}, "a.json")), Error);
}

TEST(SchemaOf, SpecsAndTablesAreClosed) {
  const Json experiment = experiment_schema();
  EXPECT_EQ(experiment["additionalProperties"], false);
  EXPECT_EQ(experiment["properties"]["recipe"]["additionalProperties"], false);
  EXPECT_EQ(experiment["properties"]["recipe"]["properties"]["nesterov"]["type"], "boolean");
  const Json row = table_schema()["properties"]["rows"]["items"];
  EXPECT_EQ(row["additionalProperties"], false);
  EXPECT_EQ(row["properties"]["with"]["$ref"], "#/$defs/experiment");
}

TEST(ReadOnly, FactoryEndsWhereItsOptionsAreRead) {
  bool read = false, made = false;
  const auto factory = [&](SpecReader spec) {
    SpecReader child = spec.child("child", true);
    child.reject_unread_keys();
    read = true;
    spec.reject_unread_keys();
    made = true;
  };
  read_only(SpecReader(Json::object(), "a.json"), factory);
  EXPECT_TRUE(read);
  EXPECT_FALSE(made);
  schema_of(factory);
  EXPECT_FALSE(made);
  EXPECT_THROW(read_only(SpecReader({{"chidl", 1}}, "a.json"), factory), Error);
  factory(SpecReader(Json::object(), "a.json"));
  EXPECT_TRUE(made);
}

}  // namespace
}  // namespace mra
