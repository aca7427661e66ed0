#pragma once

#include "harness/data/dataset.h"

namespace mra {

/// Compares files with the "checksums" of an entry of datasets.json. This object maps paths below a
/// data directory to "md5:…", "sha256:…" or "git:…" (the name that git gives a file). Skips a
/// missing file, such as an archive deleted after unpacking. Returns the number of files compared.
/// Throws an Error of kind kIntegrity for the first that differs.
int64_t compare_checksums(const Json& checksums, const Folders& data_dirs);

}  // namespace mra
