#pragma once

#include <string>

#include "harness/cli/command_words.h"

namespace mra {

/// Scripts that complete commands, options and their values in a shell, with the names of the
/// tables, rows and data sets that `library` knows.
std::string bash_completion(const CommandWords& program, const SpecLibrary& library);
std::string zsh_completion(const CommandWords& program, const SpecLibrary& library);
std::string fish_completion(const CommandWords& program, const SpecLibrary& library);

/// Text in single quotes, as bash and zsh read it.
std::string shell_quoted(const std::string& text);

}  // namespace mra
