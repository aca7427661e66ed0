#include "harness/cli/command_words.h"

#include <algorithm>

#include "harness/cli/commands/commands.h"
#include "harness/cli/data_state.h"
#include "reports/renderers.h"

namespace mra {

static std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

static OptionWords option_words(const CLI::Option& option) {
  OptionWords words;
  for (const std::string& name : option.get_snames()) words.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) words.names.push_back("--" + name);
  if (option.get_positional()) words.names.push_back(option.get_name());
  words.takes_value = option.get_items_expected_max() > 0;
  words.repeatable = option.get_items_expected_max() > 1;
  words.required = option.get_required();
  words.description = one_line(option.get_description());
  words.standard = option.get_default_str();
  return words;
}

static CommandWords command_words(const CLI::App& app, const std::string& parent) {
  CommandWords words;
  words.path = parent.empty() ? app.get_name() : parent + " " + app.get_name();
  words.summary = app.get_description();
  words.examples = app.get_footer();
  for (const CLI::Option* option : app.get_options())
    (option->get_positional() ? words.arguments : words.options).push_back(option_words(*option));
  for (const CLI::App* command : app.get_subcommands(nullptr))
    if (!command->get_group().empty())
      words.commands.push_back(command_words(*command, words.path));
  return words;
}

CommandWords describe(const CLI::App& app) {
  return command_words(app, "");
}

std::vector<const CommandWords*> all_commands(const CommandWords& top) {
  std::vector<const CommandWords*> found = {&top};
  for (const CommandWords& command : top.commands)
    for (const CommandWords* below : all_commands(command)) found.push_back(below);
  return found;
}

/// Rows of all tables, each name once; with `cells` as TABLE/ROW.
static std::vector<std::string> row_names(const SpecLibrary& library, bool cells) {
  std::vector<std::string> names;
  for (const std::string& id : library.table_ids()) {
    for (const TableRow& row : library.table(id, Selection().scale).rows) {
      const std::string name = cells ? id + "/" + row.name() : row.name();
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

static std::vector<std::string> format_names() {
  std::vector<std::string> names;
  for (const Renderer& known : renderers()) names.emplace_back(known.name);
  return names;
}

Choices choices_of(const OptionWords& option, const CommandWords& command,
                   const SpecLibrary& library) {
  const std::string& name = option.names.back();
  if (name == "--workspace" || name == "--data-dir" || name == "--output" || name == "DIR" ||
      name == "FILE" || name == "OUT" || name == "IMAGE" || name == "--weights" ||
      name == "--augmentor" || name == "--classifier")
    return {true, {}};
  if (name == "--color") return {false, {"auto", "always", "never"}};
  if (name == "--device") return {false, {"auto", "cpu", "cuda"}};
  if (name == "--scale") return {false, library.scales()};
  if (name == "--state") return {false, cell_states()};
  if (name == "--format") return {false, format_names()};
  if (name == "--only") return {false, row_names(library, /*cells=*/false)};
  if (name == "CELL") return {false, row_names(library, /*cells=*/true)};
  if (name == "SHELL") return {false, {"bash", "zsh", "fish"}};
  Choices choices;
  if (name == "ID") {
    choices.words = library.table_ids();
    choices.words.emplace_back("all");
  } else if (name == "NAME" && command.path.starts_with("harness data ")) {
    for (const auto& [known, dataset] : known_datasets(library.folders()))
      choices.words.push_back(known);
  }
  return choices;
}

}  // namespace mra
