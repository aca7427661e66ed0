#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace mra {

/// Opens a regular file for reading and returns its descriptor, close-on-exec. A pipe or a device
/// is refused, because reading it could block. Throws an Error of kind kIntegrity when the file is
/// absent or not regular, and an IoError when the system refuses to open it.
int open_for_reading(const std::filesystem::path& path);

/// Returns the bytes of the whole file, opened by open_for_reading(). Throws an Error that names
/// the file when it cannot be read.
std::string read_file(const std::filesystem::path& path);

/// Replaces the file at `path` by `bytes`. A reader, also after a crash, sees either the whole old
/// file or the whole new one. Method: temporary file beside it, fsync, rename, fsync of the folder.
/// Throws an Error of kind kEnvironment that names the path when the disk is full or read-only.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

/// The same, for a file that `write` creates at the temporary path passed to it.
template <typename Write>
void write_atomically(const std::filesystem::path& path, Write write);

/// Writes a new file piece by piece. Throws an Error of kind kEnvironment that names the path when
/// a write fails, for example because the disk is full.
class FileWriter {
 public:
  explicit FileWriter(std::filesystem::path path);
  ~FileWriter();
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;

  void write(const void* bytes, size_t size);
  void close();  ///< the file is complete only after this call

 private:
  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// Flushes `temporary` to the disk, then renames it to `path`.
void publish_file(const std::filesystem::path& temporary, const std::filesystem::path& path);

/// Returns the temporary name beside `path` that write_atomically uses. It contains the process id.
std::filesystem::path temporary_beside(const std::filesystem::path& path);

/// Returns the current time: "2026-11-23T04:05:06Z".
std::string utc_now();
/// Such a time as seconds since 1970; nothing when it is none.
std::optional<double> utc_seconds(const std::string& time_utc);

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
