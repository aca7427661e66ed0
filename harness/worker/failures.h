#pragma once

#include <filesystem>
#include <functional>

#include "harness/record/journal.h"

namespace mra {

/// Runs `work` and returns its exit code. If it throws, the error goes to the log and to the
/// journal of the run in `directory`, and its exit code is returned.
int report_failures(const std::filesystem::path& directory, JournalWriter& journal,
                    const std::function<int()>& work);

}  // namespace mra
