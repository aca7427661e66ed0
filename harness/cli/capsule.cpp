#include "harness/cli/capsule.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "harness/base/build_info.h"
#include "harness/base/file.h"
#include "harness/base/inside.h"
#include "harness/base/scratch_folder.h"
#include "harness/base/text.h"
#include "harness/cli/arguments.h"
#include "harness/cli/commands/commands.h"
#include "harness/record/runs_folder.h"
#include "reports/claim_words.h"
#include "reports/report_files.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

/// Collects what tables are made from.
class Sources {
 public:
  Sources(const SpecLibrary& library, const fs::path& workspace, const ResultStore& store)
      : library_(library), workspace_(workspace), store_(store) {}

  void add(const TableSpec& table) {
    add_spec(table.file);
    for (const TableRow& row : table.rows)
      for (const ExperimentSpec& experiment : row.experiments) {
        add(experiment);
        for (const RunId& id : store_.runs_of(experiment.key))
          if (store_.has(id)) runs_.insert(id);
      }
  }

  Files take() {
    for (const fs::path& root : library_.folders().roots()) {
      for (const char* name : {"claims", "datasets", "open_choices", "origins"})
        add_spec(root / fmt::format("{}.json", name));
      for (const std::string& scale : library_.scales())
        add_spec(root / fmt::format("scales/{}.json", scale));
    }
    for (const RunId& id : runs_) add_run(id);
    return std::move(files_);
  }

 private:
  /// The files that an experiment is merged from, and those of what it starts from.
  void add(const ExperimentSpec& experiment) {
    if (experiment.layers)
      for (const LayeredSpec::Layer& layer : experiment.layers->layers()) add_spec(layer.file);
    for (const auto* needed : {&experiment.dependencies, &experiment.judge_dependencies})
      for (const Dependency& one : *needed) {
        if (store_.has({one.key, one.seed})) runs_.insert({one.key, one.seed});
        if (visited_.insert(one.experiment).second)
          add(library_.experiment(one.experiment, experiment.scale));
      }
  }

  /// A file of one of the folders of experiments, as experiments/NUMBER/NAME; others stay away.
  void add_spec(const fs::path& path) {
    const auto& roots = library_.folders().roots();
    for (size_t i = 0; i < roots.size(); ++i) {
      const std::string name = path.lexically_relative(roots[i]).string();
      if (stays_inside(name) && fs::exists(path))
        files_[fmt::format("experiments/{}/{}", i, name)] = read_file(path);
    }
  }

  void add_run(const RunId& id) {
    const RunDirectory directory(RunDirectory::path_of(workspace_, id));
    const fs::path name = directory.path().lexically_relative(runs_folder(workspace_));
    const auto member = [&](const fs::path& file) -> std::string& {
      return files_["runs" / name / file.lexically_relative(directory.path())];
    };
    const RunRecord record = store_.run(id).value();
    for (const Json& input : inputs_of(record.environment)) add_policy(input);
    if (!fs::exists(directory.record_file())) return write_run(directory, record, member);
    for (const fs::path& file :
         {directory.spec_file(), directory.environment_file(), directory.patch_file(),
          directory.journal_file(), directory.trace_file(), directory.evidence_file(),
          directory.record_file()})
      if (fs::exists(file)) member(file) = read_file(file);
    std::error_code absent;
    for (const auto& entry : fs::directory_iterator(directory.judged_folder(), absent))
      if (entry.path().extension() == ".json") member(entry.path()) = read_file(entry.path());
  }

  /// A run that the database alone has.
  template <typename Member>
  static void write_run(const RunDirectory& directory, const RunRecord& record,
                        const Member& member) {
    member(directory.record_file()) = to_json(record).dump(1) + "\n";
    if (!record.evidence.empty()) member(directory.evidence_file()) = record.evidence;
    for (const Judgement& judgement : record.judgements)
      member(directory.judgement_file(judgement_id(judgement.evaluator, judgement.options))) =
          to_json(judgement).dump(1) + "\n";
  }

  void add_policy(const Json& input) {
    const Json named = input.is_object() ? input.value("policy", Json()) : Json();
    if (!named.is_string()) return;
    if (const auto path = find_policy_file(library_.folders(), named)) add_spec(*path);
  }

  const SpecLibrary& library_;
  const fs::path& workspace_;
  const ResultStore& store_;
  std::set<std::string> visited_;  ///< experiments
  std::set<RunId> runs_;
  Files files_;
};

void write_files(const Files& files, const fs::path& folder) {
  for (const auto& [name, bytes] : files) {
    fs::create_directories((folder / name).parent_path());
    FileWriter file(folder / name);
    file.write(bytes.data(), bytes.size());
    file.close();
  }
}

/// experiments/0, experiments/1, … of an unpacked capsule.
ExperimentFolders experiments_in(const fs::path& folder) {
  std::vector<fs::path> roots;
  do roots.push_back(folder / "experiments" / std::to_string(roots.size()));
  while (fs::exists(folder / "experiments" / std::to_string(roots.size())));
  return ExperimentFolders(std::move(roots));
}

/// The pages from the unpacked files of `capsule`.
Files pages_of(const Capsule& capsule, const fs::path& folder, std::vector<std::string>& damaged) {
  ResultStore store(ResultStore::path_of(folder));
  damaged = store.rebuild(folder).damaged;
  const SpecLibrary library(experiments_in(folder), parse_overrides(capsule.overrides));
  Context context;
  context.overrides = capsule.overrides;
  ReportOptions options = report_options(context, Selection());
  options.workspace = folder;
  options.claims = library.claims();
  options.with_records = true;
  std::vector<TableSpec> tables;
  for (const std::string& id : capsule.tables) tables.push_back(library.table(id, capsule.scale));
  const auto reports = make_reports(tables, store, options);
  Files pages;
  for (const Renderer& renderer : renderers())
    for (const ReportTable& report : reports)
      pages[fmt::format("reports/{}.{}", report.id, renderer.extension)] =
          renderer.render({report});
  pages["reports/claims.json"] = claims_json(claims_of(reports), capsule.scale);
  return pages;
}

/// `text` with another name for a folder that is gone when it is read.
std::string renamed(std::string text, const std::string& folder, const std::string& name) {
  for (size_t at = 0; (at = text.find(folder, at)) != std::string::npos; at += name.size())
    text.replace(at, folder.size(), name);
  return text;
}

/// The part of a line around the place where it differs.
std::string around(const std::string& line, size_t at) {
  constexpr size_t kBefore = 30, kMost = 70;
  const size_t begin = at > kBefore ? at - kBefore : 0;
  return (begin > 0 ? "…" : "") + shown(line.substr(begin, kMost)) +
         (begin + kMost < line.size() ? "…" : "");
}

}  // namespace

std::string program_text() {
  const BuildInfo build = build_info();
  std::string text = build.version;
  if (!build.commit.empty()) text += ", commit " + build.commit.substr(0, 12);
  return text + (build.dirty ? ", changed" : "");
}

Files sources_of(const std::vector<TableSpec>& tables, const SpecLibrary& library,
                 const fs::path& workspace, const ResultStore& store) {
  Sources sources(library, workspace, store);
  for (const TableSpec& table : tables) sources.add(table);
  return sources.take();
}

Files reports_of(const Capsule& capsule, std::vector<std::string>& damaged) {
  const ScratchFolder scratch;
  const std::string unpacked = scratch.path().string() + "/";
  const auto told = [&](const std::string& text) { return renamed(text, unpacked, ""); };
  const char* cure = "ask for the capsule again, or verify it with the program that made it";
  try {
    write_files(capsule.files, scratch.path());
    Files pages = pages_of(capsule, scratch.path(), damaged);
    for (std::string& text : damaged) text = told(text);
    return pages;
  } catch (const Error& error) {
    if (error.kind == ErrorKind::kEnvironment) throw;
    fail(ErrorKind::kIntegrity, told(error.where), told(error.what_happened), told(error.cure));
  } catch (const Json::exception& error) {
    fail(ErrorKind::kIntegrity, "capsule", error.what(), cure);
  }
}

std::string first_difference(const std::string& kept, const std::string& anew) {
  if (kept == anew) return "";
  const auto place = std::mismatch(kept.begin(), kept.end(), anew.begin(), anew.end());
  const auto at = size_t(place.first - kept.begin());
  const size_t begin = at == 0 ? 0 : kept.rfind('\n', at - 1) + 1;  // npos + 1 is 0
  const auto line = [&](const std::string& text) {
    return text.substr(begin, text.find('\n', at) - begin);
  };
  return fmt::format("line {} has '{}', made anew it has '{}'",
                     1 + std::count(kept.begin(), kept.begin() + ptrdiff_t(at), '\n'),
                     around(line(kept), at - begin), around(line(anew), at - begin));
}

std::vector<ComparedReport> compare_reports(const Files& kept, const Files& anew) {
  std::vector<ComparedReport> compared;
  for (const auto& [name, page] : kept) {
    if (!name.starts_with("reports/")) continue;
    const auto same = anew.find(name);
    compared.push_back({name, same == anew.end() ? "is no report of this program"
                                                 : first_difference(page, same->second)});
  }
  for (const auto& [name, page] : anew)
    if (!kept.contains(name)) compared.push_back({name, "is not in the capsule"});
  return compared;
}

}  // namespace mra
