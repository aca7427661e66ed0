#include "harness/data/checksums.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "tests/data/pictures.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

TEST(Checksums, AreThoseThatOthersPublish) {
  TempDir dir;
  write_bytes(dir / "set/list.txt", "abc");
  const std::string md5 = "md5:900150983cd24fb0d6963f7d28e17f72";
  const std::string git = "git:f2ba8f84ab5c1bce84a7b441cb1959cfc7093b7f";
  const auto compared = [&](const Json& checksums) {
    return compare_checksums(checksums, {dir / "nowhere", dir.path()});
  };
  EXPECT_EQ(compared({{"set/list.txt", md5}}), 1);
  EXPECT_EQ(compared({{"set/list.txt", git}, {"set/unpacked.tgz", md5}}), 1);
  EXPECT_EQ(compared(Json::object()), 0);
  try {
    compared({{"set/list.txt", "md5:900150983cd24fb0d6963f7d28e17f73"}});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kIntegrity);
    EXPECT_EQ(error.where, (dir / "set/list.txt").string());
    EXPECT_NE(error.what_happened.find(md5), std::string::npos) << error.what_happened;
  }
  EXPECT_THROW(compared({{"set/list.txt", "crc:1"}}), Error);
}

}  // namespace
}  // namespace mra
