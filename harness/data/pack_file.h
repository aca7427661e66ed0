#pragma once

#include <filesystem>
#include <map>
#include <string_view>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/mapped_file.h"
#include "harness/data/dataset.h"

namespace mra {

// A pack: the picture files of a data set one after another, an index of them, JSON about the whole
// {"classes", "splits": [[name, pictures], …], "made_of"}, and a tail of 24 bytes: the lengths of
// index and JSON, a checksum of both, and the name of the format. Each picture has a checksum, too.
// Numbers are little-endian.

/// Name of a pack in its folder.
constexpr const char* kPackName = "pictures.pack";

/// Writes a pack. It is complete only after finish().
class PackWriter {
 public:
  explicit PackWriter(const std::filesystem::path& path) : file_(path) {}
  /// Adds the file of one picture to the split begun last.
  void begin_split(Split split) { splits_.emplace_back(split, 0); }
  void add(std::string_view picture, int64_t label);
  /// `made_of`: what the pictures were made of, for people.
  void finish(int64_t classes, const Json& made_of);

 private:
  FileWriter file_;
  uint64_t written_bytes_ = 0;
  std::string index_;
  std::vector<std::pair<Split, int64_t>> splits_;
};

/// A pack in mapped memory. Throws an Error of kind kIntegrity that names the file when it is
/// truncated or its index is damaged.
class PackFile {
 public:
  struct Picture {
    std::string_view bytes;
    uint32_t crc32 = 0;
    int64_t label = 0;
  };

  explicit PackFile(const std::filesystem::path& path);

  int64_t classes() const { return classes_; }
  /// Numbers of the pictures of a split: [first, first + count).
  std::pair<int64_t, int64_t> range(Split split) const;
  Picture picture(int64_t number) const;

 private:
  [[noreturn]] void fail_damaged(const std::string& what) const;
  void read_description(std::string_view json);

  std::filesystem::path path_;
  MappedFile file_;
  std::string_view bytes_, index_;
  int64_t classes_ = 0;
  std::vector<std::pair<std::string, int64_t>> splits_;
};

/// CRC-32 of the bytes, as in PNG and zip files.
uint32_t crc32_of(std::string_view bytes);

}  // namespace mra
