#include "harness/record/run_record.h"

#include <cmath>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "tests/support/tiny_run.h"

namespace mra {

static ErrorKind kind_of(const Json& json) {
  try {
    record_from_json(json, "record.json");
  } catch (const Error& error) {
    EXPECT_NE(error.where.find("record.json"), std::string::npos);
    return error.kind;
  }
  ADD_FAILURE() << "was accepted: " << json.dump();
  return ErrorKind::kFailure;
}

TEST(RunRecord, SurvivesTheWayThroughJson) {
  const RunRecord record = tiny_record("a", 3, 77.87);
  const Json json = Json::parse(to_json(record).dump());
  EXPECT_EQ(to_json(record_from_json(json, "record.json")), to_json(record));
  EXPECT_EQ(record_from_json(json, "record.json").metrics.at("top1"), 77.87);
}

TEST(RunRecord, NoNumberIsNoResult) {
  RunRecord record = tiny_record("a");
  record.metrics["top1"] = std::nan("");
  EXPECT_THROW(to_json(record), Error);
  record = tiny_record("a");
  record.curves["train_loss"].emplace_back(3, INFINITY);
  EXPECT_THROW(to_json(record), Error);
}

TEST(RunRecord, EveryMissingFieldIsDamage) {
  const Json whole = to_json(tiny_record("a"));
  for (const auto& [name, value] : whole.items()) {
    Json json = whole;
    json.erase(name);
    EXPECT_EQ(kind_of(json), ErrorKind::kIntegrity) << name;
  }
}

TEST(RunRecord, WrongValuesAreDamage) {
  for (const char* patch :
       {R"({"metrics": {"top1": null, "x": "1"}})", R"({"curves": {"c": [[1]]}})",
        R"({"seed": -1})", R"({"attempts": 0})", R"({"format": 2})", R"({"extra": 1})",
        R"({"spec": {"lr": 0.2}})", R"({"weights_file": "../w"})", R"({"weights_file": ".."})",
        R"({"weights_file": ""})", R"({"environment": 1})"}) {
    Json json = to_json(tiny_record("a"));
    json.merge_patch(Json::parse(patch));
    EXPECT_EQ(kind_of(json), ErrorKind::kIntegrity) << patch;
  }
}

}  // namespace mra
