#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mra {

/// The name of `known` that `wrong` was most likely meant to be; empty when none is near,
/// and for more letters than anybody types.
std::string nearest(std::string_view wrong, const std::vector<std::string>& known);

/// How to fix an unknown name: "did you mean 'cutmix'? known: cutmix, mixup, mra".
std::string suggestion(std::string_view wrong, const std::vector<std::string>& known);

}  // namespace mra
