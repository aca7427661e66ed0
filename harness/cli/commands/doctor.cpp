#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/disk.h"
#include "harness/base/machine.h"
#include "harness/cli/commands/commands.h"
#include "harness/cli/worker_report.h"
#include "harness/data/data_state.h"
#include "harness/run/worker_process.h"
#include "harness/store/result_store.h"

namespace mra {

namespace {

/// One thing looked at. `cure` says what to do when the state is not "ok".
struct Finding {
  std::string name;
  std::string state;  ///< ok, note (something cannot be used), problem (runs will fail)
  std::string found;
  std::string cure;
};

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

Finding database_finding(const Context& context) {
  const auto path = ResultStore::path_of(context.workspace);
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

Finding experiments_finding(const Context& context) {
  try {
    const SpecLibrary library = context.library();
    return {"experiments", "ok",
            fmt::format("{}: {} tables", text(library.folders()), library.table_ids().size()), ""};
  } catch (const Error& error) {
    return {"experiments", "problem", one_line(error), error.cure};
  }
}

/// One for each data set that lies on a disk; an absent one keeps its tables from running, no more.
void add_data_findings(const Context& context, std::vector<Finding>& findings) {
  const ExperimentFolders experiments = context.experiment_folders();
  const std::string file = (experiments.roots().front() / "datasets.json").string();
  for (const auto& [name, dataset] : known_datasets(experiments)) {
    if (absence(dataset, file, context.data_folders())) {
      findings.push_back(
          {"data", "note", name + " is not here",
           "harness data list shows the folder expected, -h of it how to say where"});
      continue;
    }
    const auto folder = locate_dataset(SpecReader(dataset, file), context.data_folders());
    if (!folder.empty())
      findings.push_back({"data", "ok", fmt::format("{}: {}", name, folder.string()), ""});
  }
}

void add_worker_findings(const std::optional<Json>& worker, std::vector<Finding>& findings) {
  if (!worker) {
    findings.push_back({"worker", "problem", "harness-worker is not there or does not start",
                        "build with LibTorch (ci/build release), or reinstall; until then "
                        "everything but `run` works"});
    return;
  }
  const std::string torch = worker->value("/libraries/libtorch"_json_pointer, std::string("?"));
  findings.push_back({"worker", "ok", "harness-worker with LibTorch " + torch, ""});
  const auto gpus = worker->value("cuda_devices", int64_t(0));
  const std::string gpu = worker->value("/device/name"_json_pointer, std::string("GPU"));
  if (gpus > 0)
    findings.push_back({"device", "ok", fmt::format("{} GPU(s), the first {}", gpus, gpu), ""});
  else
    findings.push_back({"device", "ok", "CPU only", ""});
}

Finding convolutions_finding() {
  constexpr const char* kCure =
      "networks of this program avoid those that are known; a run with another wrong one is "
      "refused on this processor";
  const auto told = json_of_program(find_worker(), {"convolutions"});
  if (!told)
    return {"convolutions", "problem", "harness-worker cannot try LibTorch's convolutions",
            "build or install both programs again: they are of one version"};
  const std::string tried = plain_text(told->at("tried"));
  const auto wrong = told->at("wrong").get<std::vector<std::string>>();
  if (wrong.empty())
    return {"convolutions", "ok", tried + " shapes agree with double precision", ""};
  return {"convolutions", "note",
          fmt::format("LibTorch's gradients are wrong here for {} of {} shapes: {}", wrong.size(),
                      tried, fmt::join(wrong, "; ")),
          kCure};
}

std::vector<Finding> examine(const Context& context) {
  const Machine machine = this_machine();
  std::vector<Finding> findings;
  findings.push_back({"threads", "ok", fmt::format("{}", machine.threads), ""});
  findings.push_back(memory_finding(machine));
  findings.push_back(disk_finding(context.workspace));
  findings.push_back(file_system_finding(context.workspace));
  const auto worker = worker_report();
  add_worker_findings(worker, findings);
  if (worker) findings.push_back(convolutions_finding());
  findings.push_back(experiments_finding(context));
  add_data_findings(context, findings);
  findings.push_back(database_finding(context));
  return findings;
}

std::string findings_text(const std::vector<Finding>& findings, bool color) {
  std::string text;
  for (const Finding& finding : findings) {
    const Color shade = finding.state == "ok"     ? Color::kGreen
                        : finding.state == "note" ? Color::kYellow
                                                  : Color::kRed;
    text +=
        fmt::format("{}  {:<12}{}\n", colored(fmt::format("{:<7}", finding.state), shade, color),
                    finding.name, finding.found);
    if (!finding.cure.empty()) text += fmt::format("           fix: {}\n", finding.cure);
  }
  return text;
}

int doctor_command(const Context& context) {
  const std::vector<Finding> findings = examine(context);
  Json checks = Json::array();
  bool good = true;
  for (const Finding& finding : findings) {
    good = good && finding.state != "problem";
    checks.push_back({{"name", finding.name},
                      {"state", finding.state},
                      {"found", finding.found},
                      {"cure", finding.cure.empty() ? Json() : Json(finding.cure)}});
  }
  if (context.json)
    print_json({{"checks", checks}});
  else
    print(findings_text(findings, context.color_on(1)));
  return good ? 0 : exit_code(ErrorKind::kEnvironment);
}

}  // namespace

void add_doctor_command(CLI::App& app, Context& context) {
  add_command(app, "doctor", "Is this machine ready, and if not, what to do",
              "  harness doctor\n  harness doctor --json")
      ->callback([&context] { context.command = [&context] { return doctor_command(context); }; });
}

}  // namespace mra
