#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/base/inside.h"
#include "harness/base/registry.h"
#include "harness/base/suggest.h"
#include "harness/base/text.h"

namespace mra {

namespace fs = std::filesystem;

TEST(Error, SaysWhereWhatAndCure) {
  const Error error(ErrorKind::kUsage, "a.json: /lr", "missing", "add \"lr\"");
  EXPECT_STREQ(error.what(), "a.json: /lr: missing\n  fix: add \"lr\"");
  EXPECT_EQ(exit_code(error.kind), 2);
}

TEST(Inside, NamesAndPathsThatLeadOutAreTold) {
  for (const char* name : {"weights.safetensors", "..a", "a b"}) EXPECT_TRUE(is_file_name(name));
  for (const char* name : {"", ".", "..", "/", "a/b", "../a", "a/"})
    EXPECT_FALSE(is_file_name(name));
  for (const char* path : {"photos", "photos/train", "..photos", "./a"})
    EXPECT_TRUE(stays_inside(path));
  for (const char* path : {"", "/photos", "..", "a/../../b", "a/.."})
    EXPECT_FALSE(stays_inside(path));
}

TEST(Suggest, FindsTheNearestName) {
  EXPECT_EQ(nearest("cutmx", {"cutout", "cutmix", "mixup"}), "cutmix");
  EXPECT_EQ(nearest("talbe6", {"table6", "table7"}), "table6");
}

TEST(Suggest, LooksForNoSlipInNamesTooLongToBeTyped) {
  EXPECT_EQ(nearest(std::string(257, 'a'), {std::string(256, 'a')}), "");
  EXPECT_NE(nearest(std::string(256, 'a'), {std::string(257, 'a')}), "");
}

TEST(Suggest, StaysSilentWhenNothingIsNear) {
  EXPECT_EQ(nearest("resnet", {"cutmix", "mixup"}), "");
}

TEST(Registry, NamesTheNearestForAnUnknownName) {
  Registry<int(int)> registry("number");
  registry.add("double", [](int x) { return 2 * x; });
  EXPECT_EQ(registry.make("double", 4), 8);
  try {
    registry.make("duoble", 4);
    FAIL() << "an unknown name was accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("did you mean 'double'?"), std::string::npos);
  }
}

TEST(Sha256, MatchesTheStandardsVectors) {
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, OfAFileIsThatOfItsBytes) {
  const fs::path path = fs::temp_directory_path() / ("sha_" + std::to_string(::getpid()));
  const std::string bytes(3'000'000, 'x');
  write_file_atomically(path, bytes);
  EXPECT_EQ(sha256_file(path), sha256(bytes));
  fs::remove(path);
  EXPECT_THROW(sha256_file(path), Error);
}

TEST(WriteFileAtomically, LeavesTheOldFileWhenWritingFails) {
  const fs::path path = fs::temp_directory_path() / ("atomic_" + std::to_string(::getpid()));
  write_file_atomically(path, "old");
  EXPECT_ANY_THROW(write_atomically(path, [](const fs::path& temporary) {
    std::ofstream(temporary) << "half of the n";
    throw std::runtime_error("power went away");
  }));
  EXPECT_EQ(read_file(path), "old");
  EXPECT_FALSE(fs::exists(temporary_beside(path)));
  fs::remove(path);
}

TEST(WriteFileAtomically, NamesThePathThatCannotBeWritten) {
  try {
    write_file_atomically("/proc/no_such_folder/file", "x");
    FAIL() << "writing succeeded";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kEnvironment);
    EXPECT_NE(std::string(error.what()).find("/proc/no_such_folder"), std::string::npos);
  }
}

TEST(Text, ControlsAreShownAsEscapes) {
  EXPECT_EQ(shown("a\x1b[31mb\r\n\t\x7f"), "a\\x1b[31mb\\r\\n\\t\\x7f");
  EXPECT_EQ(shown("caf\xE9 \xC3\xBC \xC2\x9B \xE2\x80\xAE \xF0\x9F\x98\x80"),
            "caf\\xe9 \xC3\xBC \\u009b \\u202e \xF0\x9F\x98\x80");
  EXPECT_EQ(shown_lines("a\nb\r"), "a\nb\\r");
  EXPECT_EQ(shown(shown("\x1b")), shown("\x1b"));
}

TEST(Text, OnlyTheProgramsOwnControlsArePrinted) {
  EXPECT_EQ(printable("\r\033[K\033[31mred\033[0m\n"), "\r\033[K\033[31mred\033[0m\n");
  EXPECT_EQ(printable("\033]0;title\007\033[8m\r"), "\\u001b]0;title\\u0007\\u001b[8m\\u000d");
  EXPECT_EQ(printable("\"\x7f\" \xE9"), "\"\\u007f\" \xEF\xBF\xBD");
}

TEST(Text, BytesThatAreNotUtf8AreReplaced) {
  EXPECT_EQ(valid_utf8("a\xFFz\xE2\x82"), "a\xEF\xBF\xBDz\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_TRUE(is_utf8(valid_utf8("\xED\xA0\x80\xC0\x80")));
}

TEST(Error, ShowsNamesOfAnyBytes) {
  const Error error(ErrorKind::kUsage, "a\nb\x1b[0m", "no \x07", "x");
  EXPECT_STREQ(error.what(), "a\\nb\\x1b[0m: no \\x07\n  fix: x");
  EXPECT_EQ(error.where, "a\nb\x1b[0m");
}

TEST(ReadFile, OnlyRegularFilesAreOpened) {
  const fs::path pipe = fs::temp_directory_path() / ("harness-pipe-" + std::to_string(getpid()));
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const auto refusal = [](const fs::path& path) -> std::string {
    try {
      read_file(path);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::kIntegrity);
      EXPECT_EQ(error.where, path.string());
      return error.what_happened;
    }
    return "";
  };
  EXPECT_EQ(refusal(pipe), "is a pipe, not a file");
  EXPECT_EQ(refusal("/dev/zero"), "is a device, not a file");
  EXPECT_EQ(refusal("/"), "is a folder, not a file");
  EXPECT_NE(refusal("/nothing/here").find("cannot be read: "), std::string::npos);
  EXPECT_THROW(sha256_file(pipe), Error);
  EXPECT_THROW(sha256_file("/dev/zero"), Error);
  fs::remove(pipe);
}

}  // namespace mra
