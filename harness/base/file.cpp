#include "harness/base/file.h"

#include <cerrno>
#include <cstring>
#include <ctime>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/disk.h"
#include "harness/base/error.h"

namespace mra {

namespace fs = std::filesystem;

[[noreturn]] static void fail_writing(const fs::path& path, int error_number) {
  fail_io(path, "cannot be written", error_number);
}

static void check_regular(const fs::path& path, const struct stat& info) {
  check(!S_ISDIR(info.st_mode), ErrorKind::kIntegrity, path.string(), "is a folder, not a file",
        "move it away, or name a file");
  const char* kind = S_ISFIFO(info.st_mode)   ? "is a pipe, not a file"
                     : S_ISSOCK(info.st_mode) ? "is a socket, not a file"
                                              : "is a device, not a file";
  check(S_ISREG(info.st_mode), ErrorKind::kIntegrity, path.string(), kind,
        "name a regular file; copy what a pipe or device gives into a file first");
}

[[noreturn]] static void fail_opening(const fs::path& path, int error_number) {
  check(error_number != ENOENT && error_number != ENOTDIR, ErrorKind::kIntegrity, path.string(),
        fmt::format("cannot be read: {}", std::strerror(error_number)),
        "check that it exists, is a file and may be read");
  fail_io(path, "cannot be read", error_number);
}

int open_for_reading(const fs::path& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0) fail_opening(path, errno);
  check_regular(path, info);  // checked before opening, which alone can make a device act
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) fail_opening(path, errno);
  try {
    if (::fstat(descriptor, &info) != 0) fail_opening(path, errno);
    check_regular(path, info);
  } catch (...) {
    ::close(descriptor);
    throw;
  }
  return descriptor;
}

static std::string read_open_file(const fs::path& path, int descriptor) {
  std::string bytes;
  struct stat info {};
  if (::fstat(descriptor, &info) == 0 && info.st_size > 0) bytes.reserve(size_t(info.st_size));
  std::vector<char> buffer(size_t{1} << 16);
  for (ssize_t size; (size = ::read(descriptor, buffer.data(), buffer.size())) != 0;) {
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) fail_io(path, "cannot be read", errno);
    bytes.append(buffer.data(), size_t(size));
  }
  return bytes;
}

std::string read_file(const fs::path& path) {
  const int descriptor = open_for_reading(path);
  try {
    std::string bytes = read_open_file(path, descriptor);
    ::close(descriptor);
    return bytes;
  } catch (...) {
    ::close(descriptor);
    throw;
  }
}

fs::path temporary_beside(const fs::path& path) {
  return path.parent_path() / fmt::format(".{}.{}.tmp", path.filename().string(), ::getpid());
}

static void sync_path(const fs::path& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
  if (descriptor < 0) fail_writing(path, errno);
  const int result = ::fsync(descriptor);
  const int error_number = errno;
  ::close(descriptor);
  if (result != 0 && error_number != EINVAL) fail_writing(path, error_number);
}

void publish_file(const fs::path& temporary, const fs::path& path) {
  sync_path(temporary, O_RDONLY);
  if (::rename(temporary.c_str(), path.c_str()) != 0) fail_writing(path, errno);
  sync_path(path.has_parent_path() ? path.parent_path() : fs::path("."), O_RDONLY | O_DIRECTORY);
}

FileWriter::FileWriter(fs::path path)
    : path_(std::move(path)),
      descriptor_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0) fail_writing(path_, errno);
}

FileWriter::~FileWriter() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void FileWriter::write(const void* bytes, size_t size) {
  const char* next = static_cast<const char*>(bytes);
  while (size > 0) {
    const ssize_t written = ::write(descriptor_, next, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) fail_writing(path_, written < 0 ? errno : ENOSPC);
    next += written;
    size -= size_t(written);
  }
}

void FileWriter::close() {
  const int descriptor = descriptor_;
  descriptor_ = -1;
  if (::close(descriptor) != 0) fail_writing(path_, errno);
}

void write_file_atomically(const fs::path& path, std::string_view bytes) {
  write_atomically(path, [&](const fs::path& temporary) {
    FileWriter file(temporary);
    file.write(bytes.data(), bytes.size());
    file.close();
  });
}

std::optional<double> utc_seconds(const std::string& time_utc) {
  std::tm parts{};
  if (::strptime(time_utc.c_str(), "%Y-%m-%dT%H:%M:%S", &parts) == nullptr) return std::nullopt;
  return double(::timegm(&parts));
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

void write_for_owner_alone() {
  constexpr mode_t kOthersWrite = 022;
  ::umask(::umask(kOthersWrite) | kOthersWrite);
}

}  // namespace mra
