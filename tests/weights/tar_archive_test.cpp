#include "harness/weights/tar_archive.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"

namespace mra {

namespace {

using Files = std::map<std::string, std::string>;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span(text));
}

Files read_again(const std::string& archive) {
  Files files;
  for (const auto& [name, bytes] : read_tar(bytes_of(archive), "file.tar"))
    files[name].assign(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return files;
}

}  // namespace

TEST(TarArchive, FilesAreReadAsTheyWereWritten) {
  const Files files = {{"a", ""},
                       {"b/c", "one byte more than a block" + std::string(487, 'x')},
                       {"b/" + std::string(98, 'n'), "a whole block" + std::string(499, 'x')},
                       {std::string(100, 'p') + "/" + std::string(100, 'n'), "long"},
                       {std::string(60, 'p') + "/" + std::string(94, 'q') + "/r", "two folders"}};
  const std::string archive = write_tar(files);
  EXPECT_TRUE(is_tar(bytes_of(archive)));
  EXPECT_EQ(archive.size() % 512, 0u);
  EXPECT_EQ(read_again(archive), files);
}

TEST(TarArchive, NamesThatDoNotFitAreRefused) {
  for (const std::string& name :
       {std::string(), std::string(101, 'n'), std::string(156, 'p') + "/" + std::string(100, 'n'),
        "p/" + std::string(101, 'n'), "/" + std::string(100, 'n')})
    EXPECT_THROW(write_tar({{name, "x"}}), Error) << name;
}

TEST(TarArchive, ACutOneIsRefused) {
  const std::string archive = write_tar({{"a", "text"}, {"b", "text"}});
  for (size_t size = 512; size < archive.size(); size += 128)
    EXPECT_THROW(read_again(archive.substr(0, size)), Error) << size;
}

}  // namespace mra
