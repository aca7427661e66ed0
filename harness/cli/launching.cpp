#include "harness/cli/launching.h"

namespace mra {

LaunchOptions common_launch_options(const Context& context) {
  LaunchOptions options;
  options.workspace = context.workspace;
  options.data_dirs = context.data_folders();
  return options;
}

}  // namespace mra
