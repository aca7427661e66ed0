#include "harness/worker/worker_cli.h"

/// Settings of jemalloc, which this program uses in place of the C library's malloc. Freed memory
/// is kept, large blocks too: every step needs the same megabytes again, and the kernel would have
/// to clear each page first.
extern "C" const char* malloc_conf;
const char* malloc_conf = "dirty_decay_ms:-1,muzzy_decay_ms:-1,oversize_threshold:0";

int main(int argc, char** argv) {
  return mra::run_worker(argc, argv);
}
