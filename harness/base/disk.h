#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "harness/base/error.h"

namespace mra {

/// The disk or the kernel did not do what a file needs: no room, not allowed, broken. Nothing is
/// wrong with what was asked for, so the same may succeed later. Its kind is kEnvironment.
class IoError : public Error {
 public:
  IoError(std::string where, std::string what_happened, std::string cure);
};

/// Throws the IoError for a call on `path` that left this errno; `not_done`: "cannot be written".
/// For a temporary file the message names the file that it was to become.
[[noreturn]] void fail_io(const std::filesystem::path& path, const std::string& not_done,
                          int error_number);

/// An error of the standard library about a file, as an IoError that says how to fix it.
IoError io_error(const std::filesystem::filesystem_error& error);

/// What can be read from the name of a file that temporary_beside() named.
struct TemporaryName {
  std::string published;  ///< the name it was to get
  int64_t process = 0;    ///< id of the process that writes it
};
/// Nothing when the name is not of that form.
std::optional<TemporaryName> temporary_name(const std::string& file_name);

/// The name under which a file of temporary_beside() will be published; another path as it is.
std::filesystem::path published_path(const std::filesystem::path& temporary);

/// Removes what killed writers left of write_atomically in `folder`, where nobody may be writing.
void remove_temporaries(const std::filesystem::path& folder);

/// Free bytes of the disk that holds `path`; nothing when it cannot be asked.
std::optional<int64_t> free_bytes(const std::filesystem::path& path);

/// An IoError when the disk that holds `folder` has less than `needed_bytes` left. `what` needs
/// them: "a run".
void check_room(const std::filesystem::path& folder, int64_t needed_bytes, const std::string& what);

/// Whether files lie on a disk of this computer, as far as the kind of file system tells.
enum class Locality {
  kLocal,
  kUnsure,   ///< may be served by a program or by a host: FUSE, 9p
  kNetwork,  ///< other computers may write to it too
};

struct FileSystemKind {
  std::string name;  ///< "NFS"; empty: none that is known here, hence local
  Locality locality = Locality::kLocal;
};

/// The kind of a file system by the f_type of statfs().
FileSystemKind file_system_kind(int64_t magic);

/// Of the file system where `path` lies or would be made.
FileSystemKind file_system_of(std::filesystem::path path);

}  // namespace mra
