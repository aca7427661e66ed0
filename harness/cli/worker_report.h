#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/spec/json.h"

namespace mra {

/// What harness-worker says of its libraries and devices; nothing where it is not installed or does
/// not start. Takes a second: LibTorch is loaded.
std::optional<Json> worker_report();

/// {"fmt": "9.1.0", …}: versions of the libraries of this program and of the worker; "libtorch" is
/// null where the worker is not.
Json libraries_json();

/// Lets the workers that this process starts record how it was called and with which libraries.
void tell_workers(const std::vector<std::string>& arguments);

}  // namespace mra
