#pragma once

namespace mra {

/// The program `harness`: reads the command line, executes one command, reports errors; gives the
/// exit code. Data goes to stdout, everything else to stderr.
int run_cli(int argc, const char* const* argv);

}  // namespace mra
