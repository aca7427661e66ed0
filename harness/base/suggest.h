#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mra {

/// The name of `known` that `wrong` was most likely meant to be; empty when none is near,
/// and for more letters than anybody types.
std::string nearest(std::string_view wrong, const std::vector<std::string>& known);

/// How to fix an unknown name: "did you mean 'cutmix'? known: cutmix, mixup, mra".
std::string suggestion(std::string_view wrong, const std::vector<std::string>& known);

/// The one of `known` that `typed` names: exactly, or else without regard to upper and lower case
/// when that is unambiguous; nothing when it is none.
std::optional<std::string> find_name(const std::string& typed,
                                     const std::vector<std::string>& known);
/// The same, or an Error with the nearest. `what` is the kind of thing ("row"), for the message.
std::string match_name(const std::string& typed, const std::vector<std::string>& known,
                       const std::string& what);

}  // namespace mra
