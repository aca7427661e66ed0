#include <fmt/format.h>

#include "harness/base/tell.h"
#include "harness/cli/commands/commands.h"
#include "harness/record/run_directory.h"
#include "harness/run/audit.h"
#include "harness/store/result_store.h"

namespace mra {

namespace {

int check_database(const Context& context, bool quick) {
  const ResultStore store = ResultStore::open_read_only(ResultStore::path_of(context.workspace));
  const Audit found = audit(context.workspace, store, /*hash_weights=*/!quick);
  Json problems = Json::array(), files = Json::array();
  for (const Error& problem : found.problems) {
    problems.push_back(one_line(problem) + "; " + problem.cure);
    files.push_back(problem.where);
  }
  std::string told;
  for (const Json& problem : problems) told += problem.get<std::string>() + "\n";
  const size_t runs = store.runs().size();
  context.answer({{"runs", runs},
                  {"directories", found.directories},
                  {"rows_only", found.rows_only},
                  {"problems", problems},
                  {"files", files}},
                 told + fmt::format("{} runs, {} run directories looked at, {} problems\n", runs,
                                    found.directories, problems.size()));
  return problems.empty() ? 0 : exit_code(ErrorKind::kIntegrity);
}

int print_taken(const Context& context, const Rebuilt& taken) {
  for (const std::string& damaged : taken.damaged) tell("harness: {}\n", damaged);
  context.answer({{"ingested", taken.ingested}, {"kept", taken.kept}, {"damaged", taken.damaged}},
                 fmt::format("{} records taken in, {} rows kept as they were, {} damaged\n",
                             taken.ingested, taken.kept, taken.damaged.size()));
  return taken.damaged.empty() ? 0 : exit_code(ErrorKind::kIntegrity);
}

int rebuild_database(const Context& context) {
  ResultStore store(ResultStore::path_of(context.workspace));
  return print_taken(context, store.rebuild(context.workspace));
}

/// The records of another workspace; what is here already stays as it is.
int ingest_records(const Context& context, const std::filesystem::path& from) {
  check_workspace(from, "DIR");
  ResultStore store(ResultStore::path_of(context.workspace));
  Rebuilt taken;
  for (const RunDirectory& directory : run_directories(from)) try {
      std::vector<Error> damaged;
      const auto record = directory.record(&damaged);
      for (const Error& error : damaged) taken.damaged.push_back(one_line(error));
      if (record) ++(store.ingest(*record) == Ingested::kNew ? taken.ingested : taken.kept);
    } catch (const Error& error) {
      if (error.kind != ErrorKind::kIntegrity) throw;
      taken.damaged.push_back(one_line(error));
    }
  return print_taken(context, taken);
}

}  // namespace

void add_db_command(CLI::App& app, Context& context) {
  auto* db = add_command(app, "db", "The database: is it sound, make it anew from the runs",
                         "  harness db check     what is wrong in it and in the run directories\n"
                         "  harness db rebuild   take in the record of every run directory");
  db->require_subcommand(1);
  auto* check = add_command(*db, "check", "What is wrong with the database and the run directories",
                            "  harness db check\n"
                            "  harness db check --quick   without reading all weights");
  check->add_flag("--quick", *set_work(*check, context, check_database),
                  "Do not hash weights and pictures");
  set_work(
      *add_command(*db, "rebuild", "Take in the record of every run directory of the workspace",
                   "  harness db rebuild"),
      context, rebuild_database);
}

void add_ingest_command(CLI::App& app, Context& context) {
  auto* ingest = add_command(app, "ingest", "Take in the records of another workspace's runs",
                             "  harness ingest ../cluster/harness-out");
  ingest
      ->add_option("DIR", *set_work(*ingest, context, ingest_records),
                   "A workspace: the folder that holds runs/")
      ->required()
      ->check(CLI::ExistingDirectory);
}

}  // namespace mra
