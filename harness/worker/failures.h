#pragma once

#include <filesystem>
#include <functional>

#include "harness/record/journal.h"

namespace mra {

/// Does `work`, which gives an exit code. What it throws is told to the log and the journal of the
/// run in `directory`, and becomes the exit code of its kind.
int report_failures(const std::filesystem::path& directory, JournalWriter& journal,
                    const std::function<int()>& work);

}  // namespace mra
