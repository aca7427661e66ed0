#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mra {

/// The cause of a failed run. It decides whether the run is retried (run/retry.h).
enum class FailureCause {
  kOutOfMemory,  ///< the machine or the device lacks memory, or the kernel killed the worker
  kNonFinite,    ///< the loss, a weight or a metric is NaN or infinite
  kBadData,      ///< pictures, weights or a file of a run are damaged
  kIo,           ///< the disk is full, read-only or failing
  kMachine,      ///< the machine lacks something else, such as a GPU or a data set
  kSpec,         ///< the spec asks for something impossible
  kLostWorker,   ///< the worker was killed, crashed or vanished
  kDefect,       ///< a mistake in the program
};

/// "out_of_memory", …: the "cause" in the journal.
const char* name(FailureCause cause);
/// Returns the cause with this name; nothing for an unknown name.
std::optional<FailureCause> failure_cause(std::string_view name);
/// Returns "out of memory", …: the cause in words for messages.
std::string words(FailureCause cause);

}  // namespace mra
