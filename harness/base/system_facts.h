#pragma once

#include <cstdint>
#include <string>

namespace mra {

/// What the machine says of itself; empty where it says nothing.
std::string system_name();     ///< "Debian GNU/Linux 12 (bookworm)"
std::string processor_name();  ///< "AMD EPYC 7763"
int64_t processor_count();     ///< processors that are switched on

/// How many processors this program may use, at least one: those it is bound to, and no more than
/// the processor time its control group is given.
int usable_cores();

}  // namespace mra
