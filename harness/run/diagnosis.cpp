#include "harness/run/diagnosis.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/disk.h"
#include "harness/base/machine.h"
#include "harness/base/tell.h"
#include "harness/base/units.h"
#include "harness/data/data_state.h"
#include "harness/run/worker_process.h"
#include "harness/spec/library.h"
#include "harness/spec/shallow_json.h"
#include "harness/store/result_store.h"

namespace mra {

namespace {

constexpr int64_t kGiB = int64_t(1) << 30;

Finding memory_finding(const Machine& machine) {
  const int64_t available = machine.available_bytes.value_or(machine.memory_bytes);
  const std::string found =
      fmt::format("{}, {} available", short_size(machine.memory_bytes), short_size(available));
  if (available < 2 * kGiB)
    return {"memory", "problem", found,
            "end other programs: a run at smoke scale takes up to 2 GiB"};
  return {"memory", "ok", found, ""};
}

Finding disk_finding(const std::filesystem::path& workspace) {
  const FolderState state = folder_state(workspace);
  const std::string found =
      fmt::format("{} free for {}", short_size(state.free_bytes), workspace.string());
  if (!state.writable)
    return {"disk", "problem", workspace.string() + " cannot be written",
            "point --workspace at a folder of your own"};
  if (state.free_bytes < kGiB)
    return {"disk", "problem", found, "make room, or point --workspace at another disk"};
  return {"disk", "ok", found, ""};
}

Finding file_system_finding(const std::filesystem::path& workspace) {
  const FileSystemKind kind = file_system_of(workspace);
  const std::string found = fmt::format("{} is on {}", workspace.string(), kind.name);
  if (kind.locality == Locality::kNetwork)
    return {"file system", "problem", found + ", a network file system",
            "point --workspace at a local disk: the database is not written over a network"};
  if (kind.locality == Locality::kUnsure)
    return {"file system", "note", found + ", which may be shared with other computers",
            "if it is, point --workspace at a local disk"};
  return {"file system", "ok", "local", ""};
}

Finding database_finding(const std::filesystem::path& workspace) {
  const auto path = ResultStore::path_of(workspace);
  try {
    if (!std::filesystem::exists(path)) return {"database", "ok", "none yet", ""};
    const ResultStore store = ResultStore::open_read_only(path);
    const auto faults = store.problems();
    if (!faults.empty())
      return {"database", "problem", fmt::format("{}: {}", path.string(), faults.front()),
              "move the file away: it is made again from the run directories"};
    return {"database", "ok", fmt::format("{}: {} runs", path.string(), store.runs().size()), ""};
  } catch (const Error& error) {
    return {"database", "problem", one_line(error), error.cure};
  }
}

Finding experiments_finding(const ExperimentFolders& experiments) {
  try {
    const SpecLibrary library(experiments);
    return {"experiments", "ok",
            fmt::format("{}: {} tables", text(library.folders()), library.table_ids().size()), ""};
  } catch (const Error& error) {
    return {"experiments", "problem", one_line(error), error.cure};
  }
}

/// One for each data set that lies on a disk, and one for those that are absent: they keep their
/// tables from running, no more.
void add_data_findings(const ExperimentFolders& experiments, const Folders& data_dirs,
                       std::vector<Finding>& findings) {
  const std::string file = (experiments.roots().front() / "datasets.json").string();
  std::vector<std::string> absent;
  for (const auto& [name, dataset] : known_datasets(experiments)) {
    if (absence(dataset, file, data_dirs)) {
      absent.push_back(name);
      continue;
    }
    const auto folder = locate_dataset(SpecReader(dataset, file), data_dirs);
    if (!folder.empty())
      findings.push_back({"data", "ok", fmt::format("{}: {}", name, folder.string()), ""});
  }
  if (!absent.empty())
    findings.push_back({"data", "note", fmt::format("not found: {}", fmt::join(absent, ", ")),
                        "harness data list shows the folder expected for each; give it with "
                        "--data-dir or HARNESS_DATA"});
}

Finding convolutions_finding() {
  constexpr const char* kCure =
      "the program's networks avoid these; a run whose network has another wrong shape is "
      "refused on this processor";
  const Json told = ask_worker({"convolutions"});
  const std::string tried = plain_text(told.at("tried"));
  const auto wrong = told.at("wrong").get<std::vector<std::string>>();
  if (wrong.empty())
    return {"convolutions", "ok", tried + " shapes agree with double precision", ""};
  return {"convolutions", "note",
          fmt::format("LibTorch's gradients are wrong here for {} of {} shapes: {}", wrong.size(),
                      tried, fmt::join(wrong, "; ")),
          kCure};
}

void add_worker_findings(std::vector<Finding>& findings) {
  Json worker;
  try {
    worker = ask_worker({"doctor"});
  } catch (const Error& error) {
    findings.push_back({"worker", "problem", one_line(error),
                        error.cure + "; until then `run` does not work, other commands do"});
    return;
  }
  const std::string torch = worker.value("/libraries/libtorch"_json_pointer, std::string("?"));
  findings.push_back({"worker", "ok", "harness-worker with LibTorch " + torch, ""});
  const auto gpus = worker.value("cuda_devices", int64_t(0));
  const std::string gpu = worker.value("/device/name"_json_pointer, std::string("GPU"));
  if (gpus > 0)
    findings.push_back({"device", "ok", fmt::format("{} GPU(s), the first {}", gpus, gpu), ""});
  else
    findings.push_back({"device", "ok", "CPU only", ""});
  findings.push_back(convolutions_finding());
}

}  // namespace

std::vector<Finding> examine(const std::filesystem::path& workspace,
                             const ExperimentFolders& experiments, const Folders& data_dirs) {
  const Machine machine = this_machine();
  std::vector<Finding> findings = {{"threads", "ok", fmt::format("{}", machine.threads), ""},
                                   memory_finding(machine),
                                   disk_finding(workspace),
                                   file_system_finding(workspace)};
  add_worker_findings(findings);
  findings.push_back(experiments_finding(experiments));
  add_data_findings(experiments, data_dirs, findings);
  findings.push_back(database_finding(workspace));
  return findings;
}

}  // namespace mra
