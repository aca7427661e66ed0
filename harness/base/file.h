#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace mra {

/// A descriptor to read a file by, close-on-exec. Only regular files are opened, as a pipe or
/// device could wait for ever. An Error of kind kIntegrity when it is absent or something else, an
/// IoError when the system does not let it be opened.
int open_for_reading(const std::filesystem::path& path);

/// The whole file as bytes, opened by open_for_reading(); an Error that names it when it cannot be
/// read.
std::string read_file(const std::filesystem::path& path);

/// Puts `bytes` at `path` so that a reader, or a crash at any moment, sees the old file or the new
/// one and nothing between: a temporary file beside it, fsync, rename, fsync of the folder.
/// Throws an Error of kind kEnvironment that names the path when the disk is full or read-only.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// The same for a file that `write` makes at the temporary path it is given.
template <typename Write>
void write_atomically(const std::filesystem::path& path, Write write);

/// A new file written piece by piece. Every failure, a full disk too, is an Error of kind
/// kEnvironment that names the path.
class FileWriter {
 public:
  explicit FileWriter(std::filesystem::path path);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void write(const void* bytes, size_t size);
  void close();  ///< must be called for the file to count as written

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// Forces `temporary` to the disk and gives it the name `path`.
void publish_file(const std::filesystem::path& temporary, const std::filesystem::path& path);

/// The temporary name beside `path` that write_atomically uses: of this process alone.
std::filesystem::path temporary_beside(const std::filesystem::path& path);

/// "2026-11-23T04:05:06Z".
std::string utc_now();

template <typename Write>
void write_atomically(const std::filesystem::path& path, Write write) {
  const std::filesystem::path temporary = temporary_beside(path);
  try {
    write(temporary);
    publish_file(temporary, path);
  } catch (...) {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    throw;
  }
}

/// From now on nobody but the owner may write to what this process and its children make, whatever
/// the umask.
void write_for_owner_alone();

}  // namespace mra
