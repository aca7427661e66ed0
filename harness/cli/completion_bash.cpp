#include <fmt/format.h>

#include "harness/cli/completion.h"

namespace mra {

// First the words before the cursor are read: they name the command, and perhaps an option whose
// value comes now. A word of COMP_WORDS may be a lone "=", since bash splits there.
static constexpr const char* kBegin =
    R"(# Completion of harness for bash, made by: harness completion bash
_harness() {
  local command=harness option= choices= files= word i
  local current=${COMP_WORDS[COMP_CWORD]}
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    [[ $word == '=' ]] && continue
    if [[ -n $option ]]; then
      option=
      continue
    fi
    case "$command $word" in
)";

static constexpr const char* kMiddle = R"(    esac
  done
  [[ $current == '=' ]] && current=
  case "$command $option" in
)";

// What was typed may be quoted with a quotation mark, which readline keeps, or with backslashes.
static constexpr const char* kEnd = R"(  esac
  if [[ -n $files ]]; then
    compopt -o default 2> /dev/null
    return
  fi
  local typed=${current#[\'\"]}
  typed=${typed//\\/}
  while IFS= read -r word; do
    [[ -n $word && $word == "$typed"* ]] || continue
    [[ $current == [\'\"]* ]] || printf -v word '%q' "$word"
    COMPREPLY+=("$word")
  done <<< "$choices"
}
complete -F _harness harness
)";

std::string shell_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char letter : text) quoted += letter == '\'' ? "'\\''" : std::string(1, letter);
  return quoted + "'";
}

static std::string lines(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : "\n") + word;
  return text;
}

/// The words of a `case` that set `choices` or `files` for values of an option or argument.
static std::string answer(const Choices& choices) {
  return choices.files ? "files=yes" : "choices=" + shell_quoted(lines(choices.words));
}

std::string bash_completion(const CommandWords& program, const SpecLibrary& library) {
  std::string reading, choosing;
  for (const CommandWords* command : all_commands(program)) {
    const bool common = command == &program;  // its options may stand after every command
    std::vector<std::string> words, options;
    for (const CommandWords& below : command->commands) {
      words.push_back(below.name());
      reading += fmt::format("      {}) command={} ;;\n", shell_quoted(below.path),
                             shell_quoted(below.path));
    }
    for (const OptionWords& option : command->options) {
      for (const std::string& name : option.names) {
        options.push_back(name);
        if (!option.takes_value) continue;
        const std::string pattern =
            common ? "*" + shell_quoted(" " + name) : shell_quoted(command->path + " " + name);
        reading += fmt::format("      {}) option=$word ;;\n", pattern);
        choosing +=
            fmt::format("    {}) {} ;;\n", pattern, answer(choices_of(option, *command, library)));
      }
    }
    if (!common)
      for (const OptionWords& option : program.options)
        options.insert(options.end(), option.names.begin(), option.names.end());
    Choices rest{false, words};
    for (const OptionWords& argument : command->arguments) {
      const Choices more = choices_of(argument, *command, library);
      rest.files |= more.files;
      rest.words.insert(rest.words.end(), more.words.begin(), more.words.end());
    }
    choosing += fmt::format(
        "    {})\n      if [[ $current == -* ]]; then\n        choices={}\n"
        "      else\n        {}\n      fi\n      ;;\n",
        shell_quoted(command->path + " "), shell_quoted(lines(options)), answer(rest));
  }
  return kBegin + reading + kMiddle + choosing + kEnd;
}

}  // namespace mra
