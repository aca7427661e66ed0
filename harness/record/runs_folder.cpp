#include "harness/record/runs_folder.h"

#include <fmt/format.h>

#include "harness/base/disk.h"
#include "harness/base/error.h"
#include "harness/base/file.h"

namespace mra {

namespace fs = std::filesystem;

fs::path runs_folder(const fs::path& workspace) {
  return workspace / "runs";
}

static bool holds_something(const fs::path& folder) {
  std::error_code ignored;
  return fs::exists(folder, ignored) && !fs::is_empty(folder, ignored);
}

void check_runs_folder(const fs::path& workspace) {
  const fs::path runs = runs_folder(workspace);
  std::error_code ignored;
  if (!fs::is_symlink(runs, ignored) || fs::exists(runs, ignored)) return;
  fail(ErrorKind::kEnvironment, runs.string(),
       fmt::format("is a link to {}, which does not exist",
                   fs::read_symlink(runs, ignored).string()),
       "make that disk available, or give the current folder of the runs with --runs DIR");
}

void keep_runs_in(const fs::path& folder, const fs::path& workspace) {
  const fs::path runs = runs_folder(workspace);
  try {
    const fs::path target = fs::absolute(folder / "").lexically_normal().parent_path();
    fs::create_directories(target);
    fs::create_directories(workspace);
    if (fs::exists(runs) && fs::equivalent(runs, target)) return;
    const fs::path now = fs::is_symlink(runs) ? fs::read_symlink(runs) : runs;
    check(!holds_something(runs), ErrorKind::kUsage, "--runs",
          fmt::format("the runs of this workspace are in {}", now.string()),
          fmt::format("leave --runs out; or move that folder to {}, and repeat the command",
                      target.string()));
    if (fs::exists(runs) && !fs::is_symlink(runs)) fs::remove(runs);  // an empty folder
    const fs::path temporary = temporary_beside(runs);
    fs::remove(temporary);
    fs::create_directory_symlink(target, temporary);
    fs::rename(temporary, runs);
  } catch (const fs::filesystem_error& error) {
    throw io_error(error);
  }
}

}  // namespace mra
