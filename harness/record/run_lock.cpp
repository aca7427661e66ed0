#include "harness/record/run_lock.h"

#include <cerrno>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/disk.h"

namespace mra {

namespace fs = std::filesystem;

// Open file description locks, like those of flock(), are shared with a child process and end with
// their last holder. Unlike flock(), they can be queried without being taken.
static struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

[[noreturn]] static void fail_locking(const fs::path& path, int error_number) {
  if (error_number == EISDIR)
    fail(ErrorKind::kEnvironment, path.string(), "cannot be locked: it is a folder",
         "move it away: a file of this name is needed");
  fail_io(path, "cannot be locked", error_number);
}

/// Whether `path` is still the open file: its folder may have been moved aside meanwhile.
static bool still_there(int descriptor, const fs::path& path) {
  struct stat open_file {
  }, named_file{};
  return ::fstat(descriptor, &open_file) == 0 && ::stat(path.c_str(), &named_file) == 0 &&
         open_file.st_ino == named_file.st_ino && open_file.st_dev == named_file.st_dev;
}

bool is_locked(const RunDirectory& directory) {
  const int descriptor = ::open(directory.lock_file().c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  struct flock lock = whole_file();
  const int result = ::fcntl(descriptor, F_OFD_GETLK, &lock);
  ::close(descriptor);
  return result == 0 && lock.l_type != F_UNLCK;
}

/// Makes the folder. If another process moves it aside at this moment, it may be absent again
/// afterwards: then the caller tries again.
static void make_folder(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  for (const auto moved :
       {std::errc::not_a_directory, std::errc::no_such_file_or_directory, std::errc::file_exists})
    if (error == moved) return;
  if (error) fail_locking(path, error.value());
}

std::optional<RunLock> RunLock::try_take(const RunDirectory& directory) {
  const fs::path path = directory.lock_file();
  constexpr int kAttempts = 1000;
  for (int attempt = 1;; ++attempt) {
    make_folder(directory.path());
    // Closed on exec, so that a worker of another run does not inherit this lock.
    RunLock lock(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    if (lock.descriptor_ < 0 && errno == ENOENT && attempt < kAttempts) continue;
    if (lock.descriptor_ < 0) fail_locking(path, errno);
    struct flock request = whole_file();
    if (::fcntl(lock.descriptor_, F_OFD_SETLK, &request) != 0) {
      if (errno == EAGAIN || errno == EACCES) return std::nullopt;
      fail_locking(path, errno);
    }
    if (still_there(lock.descriptor_, path)) return lock;
  }
}

RunLock::RunLock(RunLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

RunLock& RunLock::operator=(RunLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

RunLock::~RunLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace mra
