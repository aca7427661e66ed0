#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace mra {

using Json = nlohmann::json;  ///< keys are kept sorted, so dump() is canonical

}  // namespace mra
