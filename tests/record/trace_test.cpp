#include "harness/record/trace.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/record/grade.h"
#include "harness/record/journal.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

using Digests = std::map<std::string, std::string>;

Trace sample() {
  Trace trace;
  trace.losses = {{1, 2.5}, {2, 2.25}, {3, 2.0}};
  trace.tensors[1] = {{"model/a", "11"}, {"model/b", "22"}, {"optimizer/a", "33"}};
  return trace;
}

TEST(Trace, ComesBackFromItsFileAsItWasWritten) {
  const TempDir folder;
  const auto path = folder / "trace.jsonl";
  EXPECT_TRUE(read_trace(path).losses.empty());
  {
    JournalWriter journal(path);
    journal.append("trace", trace_fields(1, {{1, 1.0 / 3}}, {{"w", "aa"}}));
    journal.append("trace", trace_fields(10, {{2, 0.1}, {10, 0.2}}, {{"w", "bb"}}));
  }
  const Trace trace = read_trace(path);
  EXPECT_EQ(trace.losses, (std::map<int64_t, double>{{1, 1.0 / 3}, {2, 0.1}, {10, 0.2}}));
  EXPECT_EQ(trace.tensors.at(10), (Digests{{"w", "bb"}}));
  EXPECT_FALSE(trace.disagreed_at);
}

TEST(Trace, AttemptsThatDisagreeAreNoticed) {
  const TempDir folder;
  JournalWriter journal(folder / "trace.jsonl");
  journal.append("trace", trace_fields(3, {{2, 0.5}, {3, 0.4}}, {{"w", "aa"}}));
  journal.append("trace", trace_fields(3, {{2, 0.5}, {3, 0.4}}, {{"w", "aa"}}));
  EXPECT_FALSE(read_trace(folder / "trace.jsonl").disagreed_at);
  journal.append("trace", trace_fields(3, {{3, 0.41}}, {{"w", "aa"}}));
  EXPECT_EQ(read_trace(folder / "trace.jsonl").disagreed_at, 3);
}

TEST(Trace, ATornEndIsLeftOutOnceTheJournalGoesOn) {
  const TempDir folder;
  const auto path = folder / "trace.jsonl";
  JournalWriter(path).append("trace", trace_fields(1, {{1, 0.5}}, {{"w", "aa"}}));
  const std::string whole = read_file(path);
  write_file_atomically(path, whole + whole.substr(0, 20));
  JournalWriter(path).append("trace", trace_fields(2, {{2, 0.25}}, {{"w", "bb"}}));
  EXPECT_EQ(read_trace(path).losses, (std::map<int64_t, double>{{1, 0.5}, {2, 0.25}}));
}

TEST(Trace, WhatIsNoTraceIsAnIntegrityError) {
  const TempDir folder;
  const auto path = folder / "trace.jsonl";
  const Json whole = trace_fields(1, {{1, 0.5}}, {{"w", "aa"}});
  for (const char* change :
       {R"({"steps": "many"})", R"({"steps": 1e300})", R"({"losses": [[1.5, 2]]})",
        R"({"losses": [[1]]})", R"({"tensors": {"w": 7}})", R"({"tensors": null})"}) {
    std::filesystem::remove(path);
    Json fields = whole;
    fields.merge_patch(Json::parse(change));
    JournalWriter(path).append("trace", fields);
    try {
      read_trace(path);
      ADD_FAILURE() << change;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::kIntegrity);
    }
  }
}

TEST(TraceComparison, EqualTracesAreIdentical) {
  const TraceComparison same = compare(sample(), sample());
  EXPECT_TRUE(same.identical());
  EXPECT_EQ(same.steps, 3);
  EXPECT_EQ(same.tensors, 3);
}

TEST(TraceComparison, NamesTheFirstStepAndTensorThatDiffer) {
  Trace other = sample();
  other.tensors[1]["model/b"] = "99";
  other.tensors[1]["optimizer/a"] = "98";
  other.losses[2] = 7;
  TraceComparison found = compare(sample(), other);
  EXPECT_EQ(found.first_step, 1);
  EXPECT_EQ(found.what, "model/b");
  EXPECT_EQ(found.tensors_differing, 2);
  other.tensors[1] = sample().tensors[1];
  found = compare(sample(), other);
  EXPECT_EQ(found.first_step, 2);
  EXPECT_EQ(found.what, "loss");
  EXPECT_FALSE(found.identical());
}

TEST(TraceComparison, TracesWithoutACommonStepAreNotIdentical) {
  EXPECT_FALSE(compare(sample(), Trace()).identical());
}

TEST(Grade, OneReplayThatDifferedOutweighsAllOthers) {
  EXPECT_EQ(grade_of_replays({}), Grade::kUnverified);
  EXPECT_EQ(grade_of_replays({true, true}), Grade::kReplayed);
  EXPECT_EQ(grade_of_replays({true, false, true}), Grade::kDiffers);
  EXPECT_EQ(worst({}), Grade::kUnverified);
  EXPECT_EQ(worst({Grade::kReplayed, Grade::kReplayed}), Grade::kReplayed);
  EXPECT_EQ(worst({Grade::kReplayed, Grade::kUnverified}), Grade::kUnverified);
  EXPECT_EQ(worst({Grade::kUnverified, Grade::kDiffers}), Grade::kDiffers);
}

}  // namespace
}  // namespace mra
