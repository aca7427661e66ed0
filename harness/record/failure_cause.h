#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mra {

/// Why a run failed. The cause decides whether it is retried (run/retry.h).
enum class FailureCause {
  kOutOfMemory,  ///< the machine or the device has too little, or the kernel killed the worker
  kNonFinite,    ///< the loss, a weight or a metric is NaN or infinite
  kBadData,      ///< pictures, weights or a file of a run are damaged
  kIo,           ///< the disk is full, read-only or failing
  kMachine,      ///< the machine lacks something else: a GPU, a data set
  kSpec,         ///< the spec asks for something impossible
  kLostWorker,   ///< the worker was killed, crashed or vanished
  kDefect,       ///< a mistake in the program
};

/// "out_of_memory", …: the "cause" in the journal.
const char* name(FailureCause cause);
/// The cause with this name; nothing for another word.
std::optional<FailureCause> failure_cause(std::string_view name);
/// "out of memory", …: for people.
std::string words(FailureCause cause);

}  // namespace mra
