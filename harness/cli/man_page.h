#pragma once

#include <string>

#include "harness/cli/command_words.h"

namespace mra {

/// The manual page of the program, in roff: every command with its options and examples, exit
/// codes, environment and files. The same build gives the same page.
std::string man_page(const CommandWords& program);

}  // namespace mra
