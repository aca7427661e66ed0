#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/base/tell.h"
#include "harness/cli/commands/commands.h"

namespace mra {

namespace {

/// What was checked and what is wrong with it; the same mistake is told once.
struct Findings {
  int64_t checked = 0;
  std::set<std::string> seen;
  std::vector<Error> errors;
  std::set<std::string> unbuilt;  ///< names that specs use and the program cannot do yet
};

template <typename Resolve>
void try_spec(Findings& findings, Resolve resolve) {
  ++findings.checked;
  try {
    resolve();
  } catch (const Error& error) {
    if (findings.seen.insert(error.what()).second) findings.errors.push_back(error);
  }
}

Findings check_library(const SpecLibrary& library) {
  Findings findings;
  for (const std::string& scale : library.scales()) {
    for (const std::string& id : library.table_ids())
      try_spec(findings, [&] {
        for (const TableRow& row : library.table(id, scale).rows)
          for (const ExperimentSpec& experiment : row.experiments)
            findings.unbuilt.insert(experiment.unbuilt.begin(), experiment.unbuilt.end());
      });
    for (const std::string& name : library.folders().names_in("pretrain"))
      try_spec(findings, [&] { library.experiment("pretrain/" + name, scale); });
  }
  return findings;
}

int check_command(const Context& context) {
  const SpecLibrary library = context.library();
  const Findings findings = check_library(library);
  const bool good = findings.errors.empty();
  Json errors = Json::array();
  for (const Error& error : findings.errors) {
    errors.push_back(error_json(error));
    tell("{} {}\n", colored("harness:", Color::kRed, context.color_on(2)), error.what());
  }
  if (context.json) {
    Json document = {
        {"checked", findings.checked}, {"errors", errors}, {"not_built", findings.unbuilt}};
    if (!good) document["error"] = errors.front();
    print_json(document);
  } else if (good) {
    print(fmt::format("{} specs of {} at {} scales: every name is known\n", findings.checked,
                      text(library.folders()), library.scales().size()));
    if (!findings.unbuilt.empty())
      print(fmt::format("known, but not built yet: {}\n", fmt::join(findings.unbuilt, ", ")));
  }
  return good ? 0 : exit_code(ErrorKind::kUsage);
}

}  // namespace

void add_check_command(CLI::App& app, Context& context) {
  add_command(app, "check", "Every spec resolves, at every scale",
              "  harness check\n"
              "  harness check --set /recipe/epochs=5   would this override be understood?")
      ->callback([&context] { context.command = [&context] { return check_command(context); }; });
}

}  // namespace mra
