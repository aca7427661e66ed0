#pragma once

#include <optional>

#include "harness/spec/json.h"

namespace mra {

/// What harness-worker says of its libraries and devices; nothing where it is not installed or does
/// not start. Takes a second: LibTorch is loaded.
std::optional<Json> worker_report();

/// {"libtorch", …}: versions of the libraries, those of the worker included if it is there.
Json libraries_json();

}  // namespace mra
