// Every input of tests/fuzz/corpus, above all those that once found a defect, in a process of its
// own with the bounds that a fuzzer holds.
#include <algorithm>
#include <filesystem>

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "tests/fuzz/target.h"
#include "tests/support/confined.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

constexpr size_t kMostMemory_bytes = 1 << 30;
constexpr unsigned kMostTime_s = 5;

class FuzzCorpus : public testing::TestWithParam<FuzzTarget> {};

std::vector<fs::path> inputs_of(const std::string& target) {
  std::vector<fs::path> paths;
  std::error_code absent;
  const fs::path folder = fs::path(HARNESS_SOURCE_DIR) / "tests/fuzz/corpus" / target;
  for (const auto& entry : fs::directory_iterator(folder, absent)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

TEST_P(FuzzCorpus, EveryInputIsReadOrRefused) {
  const std::vector<fs::path> inputs = inputs_of(GetParam().name);
  EXPECT_FALSE(inputs.empty());
  for (const fs::path& path : inputs) {
    const std::string bytes = read_file(path);
    const Confined result =
        confined([&] { GetParam().run(bytes); }, kMostMemory_bytes, kMostTime_s);
    EXPECT_EQ(result.end, Confined::End::kDone) << path << ": " << result.message;
  }
}

TEST(FuzzRepairs, LetInputsThroughChecksumsAndNotThroughReaders) {
  for (const FuzzTarget& target : fuzz_targets()) {
    if (!target.repair) continue;
    for (const fs::path& path : inputs_of(target.name)) {
      const std::string bytes = read_file(path);
      const Confined result =
          confined([&] { target.run(target.repair(bytes)); }, kMostMemory_bytes, kMostTime_s);
      EXPECT_EQ(result.end, Confined::End::kDone) << path << ": " << result.message;
    }
  }
}

TEST_P(FuzzCorpus, EveryByteFlippedOrCutOffIsReadOrRefused) {
  for (const fs::path& path : inputs_of(GetParam().name)) {
    const std::string whole = read_file(path);
    if (whole.size() > 2048) continue;
    const Confined result = confined(
        [&] {
          for (size_t at = 0; at < whole.size(); ++at) {
            std::string bytes = whole;
            bytes[at] = char(bytes[at] ^ (1 << at % 8));
            GetParam().run(bytes);
            GetParam().run(std::string_view(whole).substr(0, at));
          }
        },
        kMostMemory_bytes, 4 * kMostTime_s);
    EXPECT_EQ(result.end, Confined::End::kDone) << path << ": " << result.message;
  }
}

TEST_P(FuzzCorpus, BracketsWithoutEndAreReadOrRefused) {
  const std::string open(200'000, '['), close(200'000, ']');
  for (const std::string& bytes :
       {open, open + close, R"({"check":"","a":)" + open + close + "}\n"}) {
    const Confined result =
        confined([&] { GetParam().run(bytes); }, kMostMemory_bytes, kMostTime_s);
    EXPECT_EQ(result.end, Confined::End::kDone) << result.message;
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzCorpus, testing::ValuesIn(fuzz_targets()),
                         [](const auto& info) { return info.param.name; });

}  // namespace mra
