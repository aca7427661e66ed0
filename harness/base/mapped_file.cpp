#include "harness/base/mapped_file.h"

#include <cerrno>

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/disk.h"
#include "harness/base/file.h"

namespace mra {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const int descriptor = open_for_reading(path);
  struct stat info {};
  const bool known = ::fstat(descriptor, &info) == 0;
  const bool empty = known && info.st_size == 0;
  void* mapped = known && !empty
                     ? ::mmap(nullptr, size_t(info.st_size), PROT_READ, MAP_PRIVATE, descriptor, 0)
                     : MAP_FAILED;
  const int error_number = errno;
  ::close(descriptor);
  check(!empty, ErrorKind::kIntegrity, path.string(), "is an empty file", "name another file");
  // The file itself may be intact when mapping fails, so this is not reported as damage.
  if (mapped == MAP_FAILED) fail_io(path, "cannot be mapped", error_number);
  data_ = static_cast<const std::byte*>(mapped);
  size_ = size_t(info.st_size);
}

MappedFile::~MappedFile() {
  ::munmap(const_cast<std::byte*>(data_), size_);
}

}  // namespace mra
