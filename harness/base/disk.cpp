#include "harness/base/disk.h"

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>

namespace mra {

namespace fs = std::filesystem;

IoError::IoError(std::string place, std::string happened, std::string remedy)
    : Error(ErrorKind::kEnvironment, std::move(place), std::move(happened), std::move(remedy)) {}

static std::string cure_of(int error_number) {
  switch (error_number) {
    case ENOSPC:
    case EDQUOT:
      return "make room on the disk, then repeat the command";
    case EFBIG:
      return "raise the limit of file sizes (ulimit -f), then repeat the command";
    case EMFILE:
    case ENFILE:
    case ENOMEM:
      return "end other programs or raise their limits (ulimit -n, -v), then repeat the command";
    case ELOOP:
      return "symbolic links form a circle: remove one, or point it at the right file";
    case ENAMETOOLONG:
      return "choose a shorter path";
    case EIO:
    case ESTALE:
      return "the disk or its connection is failing: check both, then repeat the command";
    default:
      return "choose a place that you have access to (for runs: --workspace DIR)";
  }
}

void fail_io(const fs::path& path, const std::string& not_done, int error_number) {
  throw IoError(published_path(path).string(),
                fmt::format("{}: {}", not_done, std::strerror(error_number)),
                cure_of(error_number));
}

IoError io_error(const fs::filesystem_error& error) {
  return {published_path(error.path1()).string(), error.code().message(),
          cure_of(error.code().value())};
}

// ".<name>.<process>.tmp"
std::optional<TemporaryName> temporary_name(const std::string& file_name) {
  constexpr std::string_view kEnd = ".tmp";
  constexpr size_t kMostDigits = 18;  // fits 64 bits
  if (!file_name.starts_with('.') || !file_name.ends_with(kEnd)) return std::nullopt;
  const std::string inner = file_name.substr(1, file_name.size() - 1 - kEnd.size());
  const size_t dot = inner.rfind('.');
  if (dot == std::string::npos || dot == 0) return std::nullopt;
  const std::string process = inner.substr(dot + 1);
  if (process.empty() || process.size() > kMostDigits ||
      process.find_first_not_of("0123456789") != std::string::npos)
    return std::nullopt;
  return TemporaryName{inner.substr(0, dot), std::stoll(process)};
}

fs::path published_path(const fs::path& temporary) {
  fs::path path = temporary;
  while (const auto name = temporary_name(path.filename().string()))
    path.replace_filename(name->published);
  return path;
}

void remove_temporaries(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (temporary_name(entry.path().filename().string())) fs::remove(entry.path(), ignored);
}

std::optional<int64_t> free_bytes(const fs::path& path) {
  struct statvfs info {};
  if (::statvfs(path.c_str(), &info) != 0) return std::nullopt;
  return int64_t(info.f_bavail) * int64_t(info.f_frsize);
}

void check_room(const fs::path& folder, int64_t needed_bytes, const std::string& what) {
  const auto left = free_bytes(folder);
  if (!left || *left >= needed_bytes) return;
  constexpr double kMiB = 1 << 20;
  throw IoError(folder.string(),
                fmt::format("{:.1f} MiB are free on its disk, {} needs {:.1f} MiB",
                            double(*left) / kMiB, what, double(needed_bytes) / kMiB),
                "make room and repeat the command, or choose a workspace on another disk "
                "(--workspace DIR)");
}

namespace {

struct KnownKind {
  uint32_t magic;
  const char* name;
  Locality locality;
};

// Magic numbers are from linux/magic.h, or else from the source of the file system.
constexpr KnownKind kKnown[] = {
    {0x6969, "NFS", Locality::kNetwork},        {0x517B, "SMB", Locality::kNetwork},
    {0xFE534D42, "SMB", Locality::kNetwork},    {0xFF534D42, "CIFS", Locality::kNetwork},
    {0x0BD00BD0, "Lustre", Locality::kNetwork}, {0x47504653, "GPFS", Locality::kNetwork},
    {0x00C36400, "Ceph", Locality::kNetwork},   {0x19830326, "BeeGFS", Locality::kNetwork},
    {0x5346414F, "AFS", Locality::kNetwork},    {0x6B414653, "AFS", Locality::kNetwork},
    {0x73757245, "Coda", Locality::kNetwork},   {0x65735546, "FUSE", Locality::kUnsure},
    {0x01021997, "9p", Locality::kUnsure},
};

}  // namespace

FileSystemKind file_system_kind(int64_t magic) {
  for (const KnownKind& known : kKnown)  // f_type is signed, and only 32 bits wide on some machines
    if (known.magic == uint32_t(magic)) return {known.name, known.locality};
  return {};
}

FileSystemKind file_system_of(fs::path path) {
  std::error_code ignored;
  path = fs::absolute(path, ignored);
  while (!fs::exists(path, ignored) && path.has_relative_path()) path = path.parent_path();
  struct statfs info {};
  if (::statfs(path.c_str(), &info) != 0) return {};
  return file_system_kind(int64_t(info.f_type));
}

}  // namespace mra
