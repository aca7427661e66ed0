#pragma once

#include <functional>

#include <CLI/CLI.hpp>

#include "harness/spec/json.h"

namespace mra {

/// The command to run, set by the subcommand on the command line. Returns the exit code.
using Work = std::function<int()>;

/// Prints a document to stdout. Returns 0.
int print_report(const Json& report);

/// Adds the commands that time parts of the program: augmentations, MRA and its pretraining, steps
/// of training, and few-shot methods.
void add_time_commands(CLI::App& app, Work& work);

}  // namespace mra
