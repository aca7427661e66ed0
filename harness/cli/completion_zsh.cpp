#include <fmt/format.h>
#include <fmt/ranges.h>

#include "harness/cli/completion.h"

namespace mra {

// "described" holds NAME:WHAT IT DOES, "choices" names alone.
static constexpr const char* kBegin = R"(#compdef harness
# Completion of harness for zsh, made by: harness completion zsh
_harness() {
  local command=harness option= files= word i
  local -a choices described
  for ((i = 2; i < CURRENT; ++i)); do
    word=${(Q)words[i]}
    if [[ -n $option ]]; then
      option=
      continue
    fi
    case "$command $word" in
)";

static constexpr const char* kMiddle = R"(    esac
  done
  if [[ -z $option && $PREFIX == --*=* ]]; then
    option=${PREFIX%%=*}
    compset -P '*='
  fi
  case "$command $option" in
)";

static constexpr const char* kEnd = R"(  esac
  if [[ -n $files ]]; then
    _files
  elif ((${#described})); then
    _describe harness described
  else
    compadd -a choices
  fi
}
if [[ $funcstack[1] == _harness ]]; then
  _harness "$@"
else
  compdef _harness harness
fi
)";

/// "name:what it does", quoted for the shell and for _describe.
static std::string described(const std::string& name, const std::string& what) {
  std::string escaped;
  for (const char letter : name)
    escaped += letter == ':' ? std::string("\\:") : std::string(1, letter);
  return shell_quoted(fmt::format("{}:{}", escaped, what));
}

static std::string answer(const Choices& choices) {
  if (choices.files) return "files=yes";
  std::vector<std::string> quoted;
  for (const std::string& word : choices.words) quoted.push_back(shell_quoted(word));
  return fmt::format("choices=({})", fmt::join(quoted, " "));
}

static std::string described_options(const CommandWords& command, const CommandWords& program) {
  std::string text;
  for (const CommandWords* owner : {&command, &program}) {
    for (const OptionWords& option : owner->options)
      for (const std::string& name : option.names)
        text += fmt::format("          {}\n", described(name, option.description));
    if (&command == &program) break;
  }
  return text;
}

/// What a command takes: the commands below it, or its arguments.
static std::string described_rest(const CommandWords& command, const SpecLibrary& library) {
  if (!command.commands.empty()) {
    std::string text = "described=(\n";
    for (const CommandWords& below : command.commands)
      text += fmt::format("          {}\n", described(below.name(), below.summary));
    return text + "        )";
  }
  Choices rest;
  for (const OptionWords& argument : command.arguments) {
    const Choices more = choices_of(argument, command, library);
    rest.files |= more.files;
    rest.words.insert(rest.words.end(), more.words.begin(), more.words.end());
  }
  return answer(rest);
}

std::string zsh_completion(const CommandWords& program, const SpecLibrary& library) {
  std::string reading, choosing;
  for (const CommandWords* command : all_commands(program)) {
    for (const CommandWords& below : command->commands)
      reading += fmt::format("      {}) command={} ;;\n", shell_quoted(below.path),
                             shell_quoted(below.path));
    for (const OptionWords& option : command->options) {
      for (const std::string& name : option.names) {
        if (!option.takes_value) continue;
        const std::string pattern = command == &program
                                        ? fmt::format("*{}", shell_quoted(fmt::format(" {}", name)))
                                        : shell_quoted(command->path + " " + name);
        reading += fmt::format("      {}) option=$word ;;\n", pattern);
        choosing +=
            fmt::format("    {}) {} ;;\n", pattern, answer(choices_of(option, *command, library)));
      }
    }
    choosing += fmt::format(
        "    {})\n      if [[ $PREFIX == -* ]]; then\n        described=(\n{}"
        "        )\n      else\n        {}\n      fi\n      ;;\n",
        shell_quoted(command->path + " "), described_options(*command, program),
        described_rest(*command, library));
  }
  return kBegin + reading + kMiddle + choosing + kEnd;
}

}  // namespace mra
