#include "harness/cli/run_cli.h"

int main(int argc, char** argv) {
  return mra::run_cli(argc, argv);
}
