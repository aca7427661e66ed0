#pragma once

namespace mra {

/// The whole program `harness-worker`; gives its exit code.
int run_worker(int argc, char** argv);

}  // namespace mra
