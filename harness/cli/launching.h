#pragma once

#include "harness/cli/context.h"
#include "harness/run/launch.h"

namespace mra {

/// How workers are started, as far as it follows from the options common to all commands: not yet
/// with which program.
LaunchOptions common_launch_options(const Context& context);

}  // namespace mra
