#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mra {

/// Why a run ended by itself without a result: what can be done about it differs.
enum class FailureCause {
  kOutOfMemory,  ///< of the machine or the device, or killed by the kernel for it
  kNonFinite,    ///< the loss, a weight or a metric is no finite number
  kBadData,      ///< pictures, weights or a file of a run are damaged
  kIo,           ///< the disk is full, read-only or failing
  kMachine,      ///< it lacks something else: a GPU, a data set
  kSpec,         ///< the spec asks for something impossible
  kLostWorker,   ///< the program that executed it was killed, crashed or vanished
  kDefect,       ///< of the program
};

/// "out_of_memory", …: as "cause" in the journal.
const char* name(FailureCause cause);
/// Nothing for a word that is no cause's name.
std::optional<FailureCause> failure_cause(std::string_view name);
/// "out of memory", …: for people.
std::string words(FailureCause cause);

}  // namespace mra
