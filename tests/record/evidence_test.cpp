#include "harness/record/evidence.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/record/run_directory.h"
#include "tests/support/temp_dir.h"
#include "tests/support/tiny_run.h"

namespace mra {
namespace {

/// Ten pictures, of which the even ones are right at the end, and all but the last at best.
Evidence ten_pictures() {
  Evidence evidence{"shapes", std::string(64, 'd'), "val", 10, {}};
  for (int i = 0; i < 10; ++i) {
    evidence.right["top1"].push_back(i % 2 == 0);
    evidence.right["top1/best"].push_back(i < 9);
  }
  return evidence;
}

/// A record of these pictures in its run directory.
RunRecord record_with(const Evidence& evidence, const RunDirectory& run) {
  RunRecord record = tiny_record("a", 0, 50);
  record.metrics["top1/best"] = 90;
  record.evidence = to_bytes(evidence);
  record.evidence_sha256 = sha256(record.evidence);
  write_file_atomically(run.evidence_file(), record.evidence);
  write_file_atomically(run.record_file(), to_json(record).dump());
  return record;
}

std::string refusal(const std::string& bytes) {
  try {
    evidence_from_bytes(bytes, "evidence.bits");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kIntegrity);
    return error.where + " " + error.what_happened;
  }
  return "was accepted";
}

/// What reading the record tells of the evidence, and whether it is left out.
std::string problem_of(const RunDirectory& run) {
  std::vector<Error> damaged;
  const auto record = run.record(&damaged);
  EXPECT_TRUE(record);
  EXPECT_EQ(record->evidence.empty(), !damaged.empty());
  return damaged.empty() ? "" : damaged[0].what_happened;
}

}  // namespace

TEST(Evidence, IsABitAPicture) {
  const std::string bytes = to_bytes(ten_pictures());
  EXPECT_EQ(bytes.substr(bytes.find('\n') + 1), std::string("\x55\x01\xff\x01", 4));
  const Evidence again = evidence_from_bytes(bytes, "evidence.bits");
  EXPECT_EQ(again.right, ten_pictures().right);
  EXPECT_EQ(again.pictures, 10);
  EXPECT_EQ(other_pictures(again, ten_pictures()), "");
}

TEST(Evidence, OfOtherPicturesIsTold) {
  Evidence other = ten_pictures();
  other.manifest_sha256[0] = '0';
  EXPECT_EQ(other_pictures(ten_pictures(), other),
            "of shapes (val, 10 pictures, manifest dddddddd), and not of shapes (val, 10 pictures, "
            "manifest 0ddddddd)");
}

TEST(Evidence, DamageIsRefused) {
  const std::string bytes = to_bytes(ten_pictures());
  EXPECT_NE(refusal("").find("a line of JSON"), std::string::npos);
  EXPECT_NE(refusal("[]\n").find("a line of JSON"), std::string::npos);
  EXPECT_NE(refusal(bytes + "x").find("5 bytes follow"), std::string::npos);
  EXPECT_NE(refusal(bytes.substr(0, bytes.size() - 1)).find("3 bytes follow"), std::string::npos);
  std::string more = bytes;
  more.replace(more.find("10"), 2, "99999999");
  EXPECT_NE(refusal(more).find("4 bytes follow"), std::string::npos);
  more.replace(more.find("99999999"), 8, "-1");
  EXPECT_NE(refusal(more).find("/pictures"), std::string::npos);
}

TEST(Evidence, OfARunIsReadWithItsRecord) {
  const TempDir dir;
  const RunDirectory run(dir.path());
  const RunRecord record = record_with(ten_pictures(), run);
  EXPECT_EQ(run.record()->evidence, record.evidence);
  EXPECT_EQ(to_json(*run.record()), to_json(record));
  EXPECT_EQ(problem_of(run), "");
}

TEST(Evidence, ThatIsLostChangedOrWrongIsLeftOutAndTold) {
  const TempDir dir;
  const RunDirectory run(dir.path());
  const RunRecord record = record_with(ten_pictures(), run);
  write_file_atomically(run.evidence_file(), record.evidence + "x");
  EXPECT_EQ(problem_of(run), "was changed after it was written");
  std::filesystem::remove(run.evidence_file());
  EXPECT_EQ(problem_of(run), "is gone");
  Evidence wrong = ten_pictures();
  wrong.right["top1"][1] = true;
  record_with(wrong, run);
  EXPECT_EQ(problem_of(run), "6 of 10 pictures are right, which is not the top1 of the record");
}

TEST(Evidence, OldRecordsHaveNone) {
  EXPECT_FALSE(to_json(tiny_record("a")).contains("evidence_sha256"));
}

}  // namespace mra
