#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "harness/base/error.h"

namespace mra {

/// A file operation failed because of the disk or the kernel: no space, no permission, a defect.
/// The request itself was valid, so it may succeed later. The kind is kEnvironment.
class IoError : public Error {
 public:
  IoError(std::string where, std::string what_happened, std::string cure);
};

/// Throws the IoError for a failed call on `path` with this errno. `not_done`: "cannot be written".
/// For a temporary file, the message names the file that it was going to become.
[[noreturn]] void fail_io(const std::filesystem::path& path, const std::string& not_done,
                          int error_number);

/// Turns an error of the standard library about a file into an IoError that says how to fix it.
IoError io_error(const std::filesystem::filesystem_error& error);

/// The parts of a file name that temporary_beside() made.
struct TemporaryName {
  std::string published;  ///< the final name of the file
  int64_t process = 0;    ///< id of the process that writes it
};
/// Returns nothing when the name does not have that form.
std::optional<TemporaryName> temporary_name(const std::string& file_name);

/// Returns the final path of a file of temporary_beside(); returns any other path unchanged.
std::filesystem::path published_path(const std::filesystem::path& temporary);

/// Removes temporary files of killed processes in `folder`. Call it only when nobody writes there.
void remove_temporaries(const std::filesystem::path& folder);

/// Returns the free bytes of the disk that holds `path`, or nothing when they cannot be read.
std::optional<int64_t> free_bytes(const std::filesystem::path& path);

/// Throws an IoError when the disk that holds `folder` has less than `needed_bytes` free. `what`
/// names, for the message, the thing that needs the space: "a run".
void check_room(const std::filesystem::path& folder, int64_t needed_bytes, const std::string& what);

/// Whether a file system is on a disk of this computer, judged by its kind.
enum class Locality {
  kLocal,
  kUnsure,   ///< may be served by a program or by the host of a virtual machine: FUSE, 9p
  kNetwork,  ///< other computers may also write to it
};

struct FileSystemKind {
  std::string name;  ///< "NFS"; empty: not one of the known kinds, so taken as local
  Locality locality = Locality::kLocal;
};

/// Returns the kind for a value of f_type from statfs().
FileSystemKind file_system_kind(int64_t magic);

/// Returns the kind of file system where `path` is, or where it would be created.
FileSystemKind file_system_of(std::filesystem::path path);

}  // namespace mra
