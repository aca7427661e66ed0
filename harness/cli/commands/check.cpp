#include <set>

#include <fmt/format.h>

#include "harness/cli/commands/commands.h"
#include "harness/data/dataset.h"
#include "harness/data/input.h"
#include "harness/run/preflight.h"
#include "harness/spec/open_choice.h"
#include "harness/spec/schema.h"
#include "reports/paper_audit.h"

namespace mra {

namespace {

/// What was checked and what is wrong with it; the same mistake is told once.
struct Findings {
  int64_t checked = 0;
  bool asked_worker = true;
  std::set<std::string> seen;
  std::vector<Error> errors;
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

/// The other answers to open choices: each place is there, each value is accepted, and something
/// changes at one scale at least. Adds what they would run to `experiments`.
void check_choices(const Context& context, const SpecLibrary& library, Findings& findings,
                   std::vector<ExperimentSpec>& experiments) {
  std::set<std::string> known;
  for (const ExperimentSpec& experiment : experiments) known.insert(experiment.key);
  for (const OpenChoice& choice : open_choices(library))
    for (const ChoiceAlternative& alternative : choice.alternatives) {
      if (alternative.set.empty()) continue;
      try_spec(findings, [&] {
        const SpecLibrary other = context.library(alternative.set);
        bool changes = false;
        for (const std::string& scale : library.scales())
          for (const std::string& table : choice.tables)
            for (const TableRow& row : other.table(table, scale).rows)
              for (const ExperimentSpec& experiment : row.experiments)
                if (known.insert(experiment.key).second) {
                  changes = true;
                  experiments.push_back(experiment);
                }
        check(changes, ErrorKind::kUsage, choice.where,
              fmt::format("'{}' changes nothing, or what another one changes", alternative.name),
              "give values that differ from what is done");
      });
    }
}

Findings check_library(const Context& context, const SpecLibrary& library) {
  Findings findings;
  std::vector<ExperimentSpec> experiments;
  for (const std::string& scale : library.scales()) {
    for (const std::string& id : library.table_ids())
      try_spec(findings, [&] {
        for (const TableRow& row : library.table(id, scale).rows)
          experiments.insert(experiments.end(), row.experiments.begin(), row.experiments.end());
      });
    for (const std::string& name : library.folders().names_in("pretrain"))
      try_spec(findings,
               [&] { experiments.push_back(library.experiment("pretrain/" + name, scale)); });
  }
  try_spec(findings, [&] {
    for (const Claim& claim : library.claims())
      try_spec(findings, [&] { library.check_claim(claim); });
  });
  try_spec(findings, [&] { audit_paper(library, library.table_ids()); });
  try_spec(findings, [&] { check_choices(context, library, findings, experiments); });
  const CheckedOptions options = wrong_options(experiments, {});
  findings.errors.insert(findings.errors.end(), options.errors.begin(), options.errors.end());
  findings.asked_worker = options.asked_worker;
  return findings;
}

int print_schema(const Context& context) {
  Json input = schema_of([](SpecReader options) { read_input(std::move(options)); });
  for (const char* key : {"eval_resize_px", "pad_px"})  // their limits follow from size_px
    for (const char* limit : {"minimum", "maximum", "default"})
      input["properties"][key].erase(limit);
  print(experiments_schema(context.library(), dataset_schema(), input, known_options()).dump(2) +
        "\n");
  return 0;
}

int check_command(const Context& context) {
  const SpecLibrary library = context.library();
  const Findings findings = check_library(context, library);
  Json document = {{"checked", findings.checked}, {"worker_asked", findings.asked_worker}};
  if (!findings.errors.empty())
    return report_errors(findings.errors, context.json, context.color_on(2), document);
  document["errors"] = Json::array();
  context.answer(document,
                 fmt::format("{} specs of {} at {} scales: every name {}is known{}\n",
                             findings.checked, text(library.folders()), library.scales().size(),
                             findings.asked_worker ? "and option " : "",
                             findings.asked_worker
                                 ? ""
                                 : "; options of methods, models and tasks are not checked, as "
                                   "harness-worker does not start"));
  return 0;
}

struct CheckArguments {
  bool schema = false;
};

int check_or_describe(const Context& context, const CheckArguments& arguments) {
  return arguments.schema ? print_schema(context) : check_command(context);
}

}  // namespace

void add_check_command(CLI::App& app, Context& context) {
  CLI::App* command = add_command(
      app, "check", "Check every spec at every scale",
      "  harness check\n"
      "  harness check --set /recipe/epochs=5   check with this value, too\n"
      "  harness check --schema > schema.json   keys, values and defaults, for an editor:\n"
      "      VS Code, in .vscode/settings.json:\n"
      "      \"json.schemas\": [ { \"fileMatch\": [ \"experiments/**/*.json\",\n"
      "        \"!experiments/policies/*\" ], \"url\": \"./schema.json\" } ]");
  command->add_flag("--schema", set_work(*command, context, check_or_describe)->schema,
                    "Print a JSON Schema of the files in a folder of experiments");
}

}  // namespace mra
