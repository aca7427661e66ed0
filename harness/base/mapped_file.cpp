#include "harness/base/mapped_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/disk.h"

namespace mra {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const std::string where = path.string();
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  check(descriptor >= 0 || (errno != ENOENT && errno != ENOTDIR), ErrorKind::kIntegrity, where,
        fmt::format("cannot be opened: {}", std::strerror(errno)),
        "check that the file exists and may be read");
  if (descriptor < 0) fail_io(path, "cannot be opened", errno);
  struct stat info {};
  const bool known = ::fstat(descriptor, &info) == 0;
  if (known && S_ISDIR(info.st_mode)) {
    ::close(descriptor);
    fail(ErrorKind::kIntegrity, where, "is a folder, not a file", "name a file inside it");
  }
  const bool usable = known && S_ISREG(info.st_mode) && info.st_size > 0;
  void* mapped = usable
                     ? ::mmap(nullptr, size_t(info.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0)
                     : MAP_FAILED;
  const int error_number = errno;
  ::close(descriptor);
  // The file may be fine and only mapping it failed, so this is not reported as damage.
  if (usable && mapped == MAP_FAILED) fail_io(path, "cannot be mapped", error_number);
  check(usable, ErrorKind::kIntegrity, where, "is empty or not a regular file",
        "name another file");
  data_ = static_cast<const std::byte*>(mapped);
  size_ = size_t(info.st_size);
}

MappedFile::~MappedFile() {
  ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace mra
