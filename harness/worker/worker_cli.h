#pragma once

namespace mra {

/// Runs the whole program `harness-worker`. Returns its exit code.
int run_worker(int argc, char** argv);

}  // namespace mra
