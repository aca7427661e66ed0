#include <fmt/format.h>

#include "harness/base/file.h"
#include "harness/base/mapped_file.h"
#include "harness/base/tell.h"
#include "harness/base/units.h"
#include "harness/cli/capsule.h"
#include "harness/cli/commands/commands.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

struct MakeArguments {
  Selection selection;
  fs::path out = "capsule.tar";
};

size_t count_runs(const Files& files) {
  size_t runs = 0;
  for (const auto& [name, bytes] : files) runs += name.ends_with("/record.json");
  return runs;
}

int make_capsule(const Context& context, const MakeArguments& asked) {
  const auto tables = named_tables(context, asked.selection, /*may_lack_ids=*/false);
  context.expect_workspace();
  Capsule capsule{program_text(), asked.selection.scale, {}, context.overrides, {}, {}};
  for (const TableSpec& table : tables) capsule.tables.push_back(table.id);
  capsule.files = sources_of(tables, context.library(), context.workspace, context.results());
  std::vector<std::string> damaged;
  const Files reports = reports_of(capsule, damaged);
  check(damaged.empty(), ErrorKind::kIntegrity, context.workspace.string(),
        damaged.empty() ? "" : damaged.front(),
        "harness db check says how to repair the workspace");
  capsule.files.insert(reports.begin(), reports.end());
  const std::string bytes = to_bytes(capsule);
  write_file_atomically(asked.out, bytes);
  const size_t runs = count_runs(capsule.files);
  context.answer({{"file", asked.out.string()},
                  {"tables", capsule.tables},
                  {"runs", runs},
                  {"files", capsule.files.size()},
                  {"bytes", bytes.size()}},
                 fmt::format("{}: {} table{}, {} runs, {} files, {}\n", asked.out.string(),
                             tables.size(), tables.size() == 1 ? "" : "s", runs,
                             capsule.files.size(), short_size(int64_t(bytes.size()))));
  return 0;
}

/// What is wrong with a capsule beside its pages.
std::vector<std::string> faults_of(const Capsule& capsule, std::vector<std::string> damaged) {
  for (const std::string& name : capsule.changed)
    damaged.push_back(name + " is not as the manifest says: it was changed or damaged");
  return damaged;
}

int verify_capsule(const Context& context, const std::string& file) {
  const Capsule capsule = capsule_from_bytes(MappedFile(file).bytes(), file);
  std::vector<std::string> damaged;
  const Files anew = reports_of(capsule, damaged);
  const auto faults = faults_of(capsule, damaged);
  Json reports = Json::array();
  std::string told;
  size_t different = 0;
  for (const auto& [name, difference] : compare_reports(capsule.files, anew)) {
    const bool same = difference.empty();
    different += !same;
    told += fmt::format("{}  {}\n", name, same ? "same" : difference);
    reports.push_back(
        {{"report", name}, {"same", same}, {"difference", same ? Json() : Json(difference)}});
  }
  for (const std::string& fault : faults) told += fault + "\n";
  told += fmt::format("{} runs, {} reports, {} of them differ\n", count_runs(capsule.files),
                      reports.size(), different);
  const bool other_program = capsule.program != program_text();
  if (different > 0 && other_program)
    told += fmt::format("made by harness {}, and this is {}: pages may differ for that reason\n",
                        capsule.program, program_text());
  context.answer({{"file", file},
                  {"program", capsule.program},
                  {"scale", capsule.scale},
                  {"tables", capsule.tables},
                  {"reports", reports},
                  {"faults", faults}},
                 told);
  return different == 0 && faults.empty() ? 0 : exit_code(ErrorKind::kIntegrity);
}

}  // namespace

void add_capsule_command(CLI::App& app, Context& context) {
  auto* capsule = add_command(app, "capsule", "Results to hand over, and to check without data",
                              "  harness capsule make table6 --scale mini --out mine.tar\n"
                              "  harness capsule verify mine.tar");
  capsule->require_subcommand(1);
  auto* make = add_command(
      *capsule, "make", "Put tables, and everything they are made from, into one file",
      "  harness capsule make table6 table8\n"
      "  harness capsule make all --scale mini --out mini.tar   without weights and pictures");
  const auto asked = set_work(*make, context, make_capsule);
  make->add_option("ID", asked->selection.ids, "Tables and figures: table6, …, or all");
  add_scale(*make, asked->selection);
  make->add_option("-o,--out", asked->out, "The file to write")->capture_default_str();
  auto* verify = add_command(*capsule, "verify",
                             "Make every report of a capsule anew from its runs, and compare",
                             "  harness capsule verify mine.tar\n"
                             "  harness capsule verify mine.tar --json");
  verify
      ->add_option("FILE", *set_work(*verify, context, verify_capsule),
                   "A file that harness capsule make wrote")
      ->required();
}

}  // namespace mra
