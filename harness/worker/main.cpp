#include "harness/worker/worker_cli.h"

int main(int argc, char** argv) {
  return mra::run_worker(argc, argv);
}
