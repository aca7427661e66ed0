#include <fmt/format.h>

#include "harness/cli/completion.h"

namespace mra {

/// Text in single quotes, as fish reads it.
static std::string fish_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char letter : text) {
    if (letter == '\'' || letter == '\\') quoted += '\\';
    quoted += letter;
  }
  return quoted + "'";
}

// The words before the cursor name the command; an option's value is none of them.
static constexpr const char* kBegin =
    R"(# Completion of harness for fish, made by: harness completion fish
function __harness_at
    set -l words (commandline -opc)
    set -l command harness
    set -l value_follows no
    for word in $words[2..-1]
        if test $value_follows = yes
            set value_follows no
        else
            switch "$command $word"
)";

static constexpr const char* kEnd = R"(            end
        end
    end
    test "$command" = "$argv[1]"
end
complete -c harness -f
)";

/// The part of a `complete` line that says what may stand for a value.
static std::string values(const Choices& choices) {
  if (choices.files) return " -F";
  if (choices.words.empty()) return "";
  std::string words;
  for (const std::string& word : choices.words) words += " " + fish_quoted(word);
  return fmt::format(" -a {}", fish_quoted("(printf '%s\\n'" + words + ")"));
}

static std::string option_line(const OptionWords& option, const CommandWords& command,
                               const CommandWords& program, const SpecLibrary& library) {
  std::string line = "complete -c harness";
  if (&command != &program)
    line += " -n " + fish_quoted("__harness_at " + fish_quoted(command.path));
  for (const std::string& name : option.names)
    line += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
  const Choices choices = choices_of(option, command, library);
  if (option.takes_value) line += (choices.files ? " -r" : " -x") + values(choices);
  return line + " -d " + fish_quoted(option.description) + "\n";
}

std::string fish_completion(const CommandWords& program, const SpecLibrary& library) {
  std::string reading, lines;
  for (const CommandWords* command : all_commands(program)) {
    const std::string here = " -n " + fish_quoted("__harness_at " + fish_quoted(command->path));
    for (const CommandWords& below : command->commands) {
      reading += fmt::format("                case {}\n                    set command {}\n",
                             fish_quoted(below.path), fish_quoted(below.path));
      lines += fmt::format("complete -c harness{} -a {} -d {}\n", here, fish_quoted(below.name()),
                           fish_quoted(below.summary));
    }
    for (const OptionWords& option : command->options) {
      lines += option_line(option, *command, program, library);
      if (!option.takes_value) continue;
      for (const std::string& name : option.names)
        reading +=
            fmt::format("                case {}\n                    set value_follows yes\n",
                        command == &program ? fish_quoted("* " + name)
                                            : fish_quoted(command->path + " " + name));
    }
    for (const OptionWords& argument : command->arguments) {
      const std::string possible = values(choices_of(argument, *command, library));
      if (!possible.empty()) lines += "complete -c harness" + here + possible + "\n";
    }
  }
  return kBegin + reading + kEnd + lines;
}

}  // namespace mra
