#pragma once

#include "harness/data/dataset.h"

namespace mra {

/// Compares files with the "checksums" of an entry of datasets.json: an object of paths below a
/// data directory, with values "md5:…", "sha256:…" or "git:…", the name that git gives a file. A
/// file that is not there, as an archive that was unpacked, is passed over. Returns how many were
/// compared; the first that differs is an Error of kind kIntegrity.
int64_t compare_checksums(const Json& checksums, const Folders& data_dirs);

}  // namespace mra
