#include "harness/record/journal.h"

#include <fstream>

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "tests/support/temp_dir.h"

namespace mra {

class Journal : public testing::Test {
 protected:
  void write_two() {
    JournalWriter writer(file);
    writer.append("start", {{"attempt", 1}});
    writer.append("epoch", {{"loss", 0.1}, {"top1", 33.3}});
  }
  std::vector<std::string> events() const {
    std::vector<std::string> names;
    for (const JournalEvent& event : read_journal(file)) names.push_back(event.event);
    return names;
  }

  TempDir dir;
  const std::filesystem::path file = dir / "journal.jsonl";
};

using Names = std::vector<std::string>;

TEST_F(Journal, AnAbsentOneIsEmpty) {
  EXPECT_TRUE(read_journal(file).empty());
}

TEST_F(Journal, KeepsEventsInOrderWithTheirFields) {
  write_two();
  const auto events = read_journal(file);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].sequence, 1);
  EXPECT_EQ(events[1].sequence, 2);
  EXPECT_EQ(events[1].fields, Json({{"loss", 0.1}, {"top1", 33.3}}));
  EXPECT_EQ(events[1].time_utc.size(), 20u);
}

TEST_F(Journal, EveryTornEndIsToldAndKeptAndWritingGoesOn) {
  write_two();
  const std::string whole = read_file(file);
  const size_t first_line = whole.find('\n') + 1;
  for (size_t size = first_line; size < whole.size(); ++size) {
    std::ofstream(file, std::ios::trunc) << whole.substr(0, size);
    EXPECT_EQ(events(), Names{"start"}) << size;
    JournalWriter(file).append("resume", Json::object());
    const bool torn = size > first_line;
    const Names told{"start", "warning", "resume"}, whole_names{"start", "resume"};
    EXPECT_EQ(events(), torn ? told : whole_names) << size;
    const std::filesystem::path aside = dir / "journal.jsonl.damaged";
    EXPECT_EQ(std::filesystem::exists(aside), torn);
    if (!torn) continue;
    EXPECT_EQ(read_file(aside), whole.substr(first_line, size - first_line));
    std::filesystem::remove(aside);
  }
}

TEST_F(Journal, AFlippedByteEndsReadingThereAndTheRestIsKept) {
  write_two();
  std::string bytes = read_file(file);
  bytes[bytes.find("attempt")] = 'A';
  std::ofstream(file, std::ios::trunc) << bytes;
  EXPECT_TRUE(read_journal(file).empty());
  JournalWriter(file).append("start", Json::object());
  EXPECT_EQ(events(), (Names{"warning", "start"}));
  EXPECT_EQ(read_file(dir / "journal.jsonl.damaged"), bytes);
  std::ofstream(file, std::ios::trunc) << "again\n";
  JournalWriter(file).append("start", Json::object());
  EXPECT_EQ(read_file(dir / "journal.jsonl.damaged"), bytes);
  EXPECT_EQ(read_file(dir / "journal.jsonl.damaged2"), "again\n");
}

TEST_F(Journal, AFolderInItsPlaceIsSetAside) {
  std::filesystem::create_directories(file / "inside");
  EXPECT_TRUE(read_journal(file).empty());
  JournalWriter(file).append("start", Json::object());
  EXPECT_EQ(events(), (Names{"warning", "start"}));
  EXPECT_TRUE(std::filesystem::exists(dir / "journal.jsonl.damaged" / "inside"));
}

TEST_F(Journal, ALineOutOfSequenceEndsReading) {
  write_two();
  const std::string bytes = read_file(file);
  std::ofstream(file, std::ios::app) << bytes;
  EXPECT_EQ(read_journal(file).size(), 2u);
}

TEST_F(Journal, NoNumberAndBrokenTextDoNotLoseAnEvent) {
  JournalWriter(file).append("fail", {{"message", "bad \xff name"}, {"loss", std::nan("")}});
  ASSERT_EQ(events(), Names{"fail"});
  EXPECT_TRUE(read_journal(file)[0].fields["loss"].is_null());
}

}  // namespace mra
