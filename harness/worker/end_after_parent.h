#pragma once

#include <chrono>

namespace mra {

/// Ends this process some time after its parent, where the kernel was asked for a signal at the
/// parent's death (PR_SET_PDEATHSIG): the signal asks for a checkpoint and a good end, and `grace`
/// is the time for it. A process in the middle of a long operation would not hear it. The run goes
/// on from its last checkpoint. A worker started by hand outlives its shell.
void end_after_parent(std::chrono::milliseconds grace);

}  // namespace mra
