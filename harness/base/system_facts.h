#pragma once

#include <cstdint>
#include <string>

namespace mra {

/// Facts that the system reports; empty when it does not report them.
std::string system_name();     ///< "Debian GNU/Linux 12 (bookworm)"
std::string processor_name();  ///< "AMD EPYC 7763"
int64_t processor_count();     ///< processors that are online

/// Returns the number of processors that this program may use, at least 1. Both the processor
/// affinity and the limit of the control group count.
int usable_cores();

}  // namespace mra
