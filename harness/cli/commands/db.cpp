#include <memory>

#include <fmt/format.h>

#include "harness/cli/commands/commands.h"
#include "harness/record/run_directory.h"
#include "harness/store/result_store.h"

namespace mra {

namespace {

int check_database(const Context& context) {
  const ResultStore store = ResultStore::open_read_only(ResultStore::path_of(context.workspace));
  const std::vector<std::string> problems = store.problems();
  if (context.json) {
    print_json({{"runs", store.runs().size()}, {"problems", problems}});
  } else {
    for (const std::string& problem : problems) print(problem + "\n");
    print(fmt::format("{} runs, {} problems\n", store.runs().size(), problems.size()));
  }
  return problems.empty() ? 0 : exit_code(ErrorKind::kIntegrity);
}

int print_taken(const Context& context, const Rebuilt& taken) {
  for (const std::string& damaged : taken.damaged) fmt::print(stderr, "harness: {}\n", damaged);
  if (context.json)
    print_json({{"ingested", taken.ingested}, {"kept", taken.kept}, {"damaged", taken.damaged}});
  else
    print(fmt::format("{} records taken in, {} rows kept as they were, {} damaged\n",
                      taken.ingested, taken.kept, taken.damaged.size()));
  return taken.damaged.empty() ? 0 : exit_code(ErrorKind::kIntegrity);
}

int rebuild_database(const Context& context) {
  ResultStore store(ResultStore::path_of(context.workspace));
  return print_taken(context, store.rebuild(context.workspace));
}

/// The records of another workspace; what is here already stays as it is.
int ingest_records(const Context& context, const std::filesystem::path& from) {
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
                         "  harness db check     what SQLite finds wrong in it\n"
                         "  harness db rebuild   take in the record of every run directory");
  db->require_subcommand(1);
  add_command(*db, "check", "What is wrong with the database file", "  harness db check")
      ->callback([&context] { context.command = [&context] { return check_database(context); }; });
  add_command(*db, "rebuild", "Take in the record of every run directory of the workspace",
              "  harness db rebuild")
      ->callback(
          [&context] { context.command = [&context] { return rebuild_database(context); }; });
}

void add_ingest_command(CLI::App& app, Context& context) {
  const auto from = std::make_shared<std::filesystem::path>();
  auto* ingest = add_command(app, "ingest", "Take in the records of another workspace's runs",
                             "  harness ingest ../cluster/harness-out");
  ingest->add_option("DIR", *from, "A workspace: the folder that holds runs/")
      ->required()
      ->check(CLI::ExistingDirectory);
  ingest->callback([&context, from] {
    context.command = [&context, from] { return ingest_records(context, *from); };
  });
}

}  // namespace mra
