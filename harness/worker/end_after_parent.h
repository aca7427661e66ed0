#pragma once

#include <chrono>

namespace mra {

/// Ends this process some time after its parent ends, if the kernel signals the parent's death
/// (PR_SET_PDEATHSIG). The signal asks for a checkpoint and a normal end, and `grace` is the time
/// for that. It is too short only in a long operation; the run then continues from its last
/// checkpoint. A worker started by hand is not ended together with its shell.
void end_after_parent(std::chrono::milliseconds grace);

}  // namespace mra
