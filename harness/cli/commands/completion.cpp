#include <algorithm>
#include <map>
#include <memory>

#include <fmt/format.h>

#include "harness/base/suggest.h"
#include "harness/cli/commands/commands.h"
#include "harness/data/data_state.h"
#include "harness/spec/catalog_names.h"
#include "harness/spec/methods.h"
#include "harness/spec/open_choice.h"
#include "harness/store/cell_state.h"
#include "harness/store/run_facts.h"
#include "harness/store/variants.h"
#include "reports/renderers.h"

namespace mra {

namespace {

using Words = std::vector<std::string>;

// Each script asks `harness complete` and offers file names when it has no answer. Bash and zsh
// keep the quotation marks of what is typed; fish is content with quoted words only.
const std::map<std::string, const char*> kScripts = {{"bash", R"(# Completion of harness for bash
_harness() {
  local word current=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    [[ $current == [\'\"]* ]] || printf -v word '%q' "$word"
    COMPREPLY+=("$word")
  done < <(harness complete "${COMP_WORDS[@]:1:COMP_CWORD}" 2> /dev/null)
}
complete -o default -F _harness harness
)"},
                                                     {"zsh", R"(#compdef harness
_harness() {
  local line
  local -a choices shown
  harness complete "${(@Q)words[2,CURRENT]}" 2> /dev/null | while IFS= read -r line; do
    choices+=("${line%%$'\t'*}") shown+=("${line/$'\t'/  -- }")
  done
  if (($#choices)); then compadd -d shown -a choices; else _files; fi
}
if [[ $funcstack[1] == _harness ]]; then _harness "$@"; else compdef _harness harness; fi
)"},
                                                     {"fish", R"(# Completion of harness for fish
function __harness_words
    set -l typed (commandline -opc) (commandline -ct)
    set -l found (harness complete $typed[2..-1] 2> /dev/null)
    if set -q found[1]
        printf '%s\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c harness -f -a '(__harness_words)'
)"}};

/// Rows of all tables that can be read, each name once; with `cells` as TABLE/ROW.
Words row_names(const SpecLibrary& library, bool cells) {
  Words names;
  for (const std::string& id : library.table_ids()) try {
      for (const TableRow& row : library.table(id, Selection().scale).rows) {
        const std::string name = cells ? id + "/" + row.name() : row.name();
        if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
      }
    } catch (const Error&) {  // harness check tells of it
    }
  return names;
}

template <typename Value>
Words keys_of(const std::map<std::string, Value>& map) {
  Words keys;
  for (const auto& [key, value] : map) keys.push_back(key);
  return keys;
}

Words run_names(const Context& context) {
  Words names;
  const auto store = ResultStore::open_read_only(ResultStore::path_of(context.workspace));
  for (const RunId& id : known_runs(context.workspace, store)) names.push_back(text(id));
  return names;
}

Words table_names(const SpecLibrary& library) {
  Words names = library.table_ids();
  names.emplace_back("all");
  return names;
}

Words choice_names(const SpecLibrary& library) {
  Words names;
  for (const OpenChoice& choice : open_choices(library)) names.push_back(choice.id);
  return names;
}

/// What may stand for a value of an option or argument; nothing: a file, or anything.
Words values_of(const std::string& name, const CLI::App& command, const Context& context) {
  if (name == "color") return {"auto", "always", "never"};
  if (name == "device") return {"auto", "cpu", "cuda"};
  if (name == "state") return cell_state_names();
  if (name == "SHELL") return keys_of(kScripts);
  if (name == "RUN" || name == "OTHER") return run_names(context);
  if (name == "as") return keys_of(read_variants(context.workspace));
  if (name == "METHOD") return augmentation_names();
  if (name == "format") {
    Words formats;
    for (const Renderer& known : renderers()) formats.emplace_back(known.name);
    return formats;
  }
  const SpecLibrary library = context.library();
  if (name == "scale") return library.scales();
  if (name == "only" || name == "CELL") return row_names(library, name == "CELL");
  if (name == "ID") return table_names(library);
  if (name == "choice") return choice_names(library);
  if (name != "NAME" || command.get_name() == "add") return {};
  return command.get_name() == "methods" ? keys_of(methods_by_name())
                                         : keys_of(known_datasets(library.folders()));
}

/// The same of an option; nothing when something is broken that is needed to know.
Words values_of(const CLI::Option& option, const CLI::App& command, const Context& context) {
  const auto& names = option.get_lnames();
  try {
    return values_of(names.empty() ? option.get_name() : names[0], command, context);
  } catch (const std::exception&) {
    return {};
  }
}

/// "list<tab>What it does", as `complete` prints it.
std::string described(const std::string& word, std::string what) {
  std::replace(what.begin(), what.end(), '\n', ' ');
  return word + "\t" + what;
}

Words option_words(const CLI::App& command) {
  Words words;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_snames())
      words.push_back(described("-" + name, option->get_description()));
    for (const std::string& name : option->get_lnames())
      words.push_back(described("--" + name, option->get_description()));
  }
  return words;
}

/// The commands below a command, and values of its arguments.
Words argument_words(const CLI::App& command, const Context& context) {
  Words words;
  for (const CLI::App* below : command.get_subcommands(nullptr))
    words.push_back(described(below->get_name(), below->get_description()));
  for (const CLI::Option* option : command.get_options())
    if (option->get_positional())
      for (const std::string& value : values_of(*option, command, context)) words.push_back(value);
  return words;
}

/// The option of that name which waits for a value; null when there is none.
const CLI::Option* waiting_option(const CLI::App& app, const CLI::App& command,
                                  const std::string& word) {
  if (!word.starts_with('-')) return nullptr;
  const CLI::Option* option = command.get_option_no_throw(word);
  if (!option) option = app.get_option_no_throw(word);  // common ones may stand after a command
  return option && option->get_items_expected_max() > 0 ? option : nullptr;
}

/// As the shell would read it: bash hands over what is typed with its quotes.
std::string unquoted(std::string word) {
  if (word.starts_with('"') || word.starts_with('\'')) word.erase(0, 1);
  std::erase(word, '\\');
  return word;
}

int completion_command(const Context&, const std::string& shell) {
  const auto found = kScripts.find(shell);
  check(found != kScripts.end(), ErrorKind::kUsage, "SHELL",
        fmt::format("unknown shell '{}'", shell), suggestion(shell, {"bash", "zsh", "fish"}));
  print(found->second);
  return 0;
}

}  // namespace

int complete(const CLI::App& app, Context& context, Words words) {
  if (words.empty()) return 0;
  std::string current = unquoted(words.back()), before;
  words.pop_back();
  const CLI::App* command = &app;
  const CLI::Option* option = nullptr;
  for (const std::string& word : words) {
    if (word == "=") continue;  // bash splits there
    const bool is_value = option != nullptr;
    if (is_value && option->check_lname("workspace")) context.workspace = unquoted(word);
    if (is_value && option->check_lname("experiments"))
      context.experiments.push_back(unquoted(word));
    option = is_value ? nullptr : waiting_option(app, *command, word);
    if (is_value) continue;
    for (const CLI::App* below : command->get_subcommands(nullptr))
      if (below->get_name() == word) {
        command = below;
        break;
      }
  }
  if (current == "=") current.clear();
  const size_t equals = current.find('=');
  if (!option && current.starts_with("--") && equals != std::string::npos) {
    before = current.substr(0, equals + 1);  // zsh and fish want the whole word
    option = waiting_option(app, *command, current.substr(0, equals));
    if (!option) return 0;
  }
  Words answers;
  if (option) {
    answers = values_of(*option, *command, context);
  } else if (current.starts_with('-')) {
    answers = option_words(*command);
    if (command != &app)
      for (const std::string& common : option_words(app)) answers.push_back(common);
  } else {
    answers = argument_words(*command, context);
  }
  for (const std::string& answer : answers)
    if ((before + answer).starts_with(current)) print(before + answer + "\n");
  return 0;
}

void add_completion_command(CLI::App& app, Context& context) {
  CLI::App* command =
      add_command(app, "completion", "A script that completes commands, tables and rows in a shell",
                  "  source <(harness completion bash)        in ~/.bashrc\n"
                  "  source <(harness completion zsh)         in ~/.zshrc, after compinit\n"
                  "  harness completion fish > ~/.config/fish/completions/harness.fish");
  command
      ->add_option("SHELL", *set_work(*command, context, completion_command), "bash, zsh or fish")
      ->required();
}

}  // namespace mra
