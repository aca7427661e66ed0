#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "harness/spec/library.h"

namespace mra {

/// An option or an argument of a command, as completion and man page need it.
struct OptionWords {
  std::vector<std::string> names;  ///< "-o", "--output"; of an argument its name, "ID"
  bool takes_value = false;
  bool repeatable = false;
  bool required = false;
  std::string description;  ///< one line
  std::string standard;     ///< its value when it is not given
};

/// A command, from its definition on the command line.
struct CommandWords {
  std::string path;  ///< "harness data check"
  std::string summary;
  std::string examples;  ///< a line each
  std::vector<OptionWords> options, arguments;
  std::vector<CommandWords> commands;

  std::string name() const { return path.substr(path.rfind(' ') + 1); }
};

/// The program with all its commands; hidden ones are left out.
CommandWords describe(const CLI::App& app);

/// A command and all below it.
std::vector<const CommandWords*> all_commands(const CommandWords& top);

/// What may stand where an option or argument wants a value.
struct Choices {
  bool files = false;
  std::vector<std::string> words;  ///< none, and no files: anything
};
Choices choices_of(const OptionWords& option, const CommandWords& command,
                   const SpecLibrary& library);

}  // namespace mra
