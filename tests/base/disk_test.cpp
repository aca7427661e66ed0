#include "harness/base/disk.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "tests/support/temp_dir.h"

namespace mra {

TEST(FileSystemKind, NetworksAreKnownByTheirNumber) {
  for (const auto& [magic, name] : {std::pair{int64_t{0x6969}, "NFS"},
                                    {0xFE534D42, "SMB"},
                                    {0xFF534D42, "CIFS"},
                                    {0x0BD00BD0, "Lustre"},
                                    {0x47504653, "GPFS"},
                                    {0x00C36400, "Ceph"},
                                    {0x19830326, "BeeGFS"}}) {
    EXPECT_EQ(file_system_kind(magic).name, name);
    EXPECT_EQ(file_system_kind(magic).locality, Locality::kNetwork) << name;
  }
}

TEST(FileSystemKind, ANumberThatBecameNegativeIsKnownToo) {
  EXPECT_EQ(file_system_kind(int32_t(0xFE534D42)).name, "SMB");
}

TEST(FileSystemKind, DisksAndMemoryAreLocal) {
  for (const int64_t magic : {0xEF53, 0x58465342, 0x01021994, 0x794c7630})  // ext4, XFS, tmpfs, …
    EXPECT_EQ(file_system_kind(magic).locality, Locality::kLocal);
}

TEST(FileSystemKind, WhatAProgramOrAHostServesMayBeEither) {
  EXPECT_EQ(file_system_kind(0x65735546).locality, Locality::kUnsure);
  EXPECT_EQ(file_system_kind(0x01021997).locality, Locality::kUnsure);
}

TEST(FileSystemKind, OfAFolderThatIsYetToBeMadeIsThatOfItsParent) {
  const TempDir dir;
  EXPECT_EQ(file_system_of(dir / "a/b/c").name, file_system_of(dir / "").name);
}

TEST(Room, TooLittleIsAnErrorThatSaysHowMuchIsNeeded) {
  const TempDir dir;
  check_room(dir / "", 1, "a run");
  try {
    check_room(dir / "", int64_t{1} << 60, "a run");
    FAIL() << "no disk is so large";
  } catch (const IoError& error) {
    EXPECT_EQ(error.kind, ErrorKind::kEnvironment);
    EXPECT_NE(error.what_happened.find("a run needs 1099511627776.0 MiB"), std::string::npos);
  }
}

TEST(Temporaries, AreToldByTheNameOfTheFileTheyBecome) {
  EXPECT_EQ(published_path(temporary_beside("a/record.json")), "a/record.json");
  EXPECT_EQ(published_path(temporary_beside(temporary_beside("a/x.bin"))), "a/x.bin");
  for (const char* other : {"a/.hidden", "a/.x.tmp", "a/x.12.tmp", "a/.x.1a.tmp", "a/..12.tmp"})
    EXPECT_EQ(published_path(other), other);
}

TEST(Temporaries, OfKilledWritersAreRemovedAndNothingElse) {
  const TempDir dir;
  for (const char* name : {".record.json.123.tmp", "record.json", ".keep", ".keep.tmp"})
    write_file_atomically(dir / name, "x");
  remove_temporaries(dir / "");
  EXPECT_FALSE(std::filesystem::exists(dir / ".record.json.123.tmp"));
  for (const char* name : {"record.json", ".keep", ".keep.tmp"})
    EXPECT_TRUE(std::filesystem::exists(dir / name)) << name;
}

TEST(ReadFile, WhatIsNotThereIsDamageAndWhatCannotBeReadIsNot) {
  const TempDir dir;
  try {
    read_file(dir / "absent");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kIntegrity);
  }
  EXPECT_THROW(read_file("/proc/self/mem"), IoError);  // its first page is no memory
}

}  // namespace mra
