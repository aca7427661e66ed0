#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mra {

/// Returns the name in `known` that is most similar to `wrong`. Returns an empty text when none is
/// similar, or when `wrong` is too long to have been typed.
std::string nearest(std::string_view wrong, const std::vector<std::string>& known);

/// Returns the fix for an unknown name: "did you mean 'cutmix'? known: cutmix, mixup, mra".
std::string suggestion(std::string_view wrong, const std::vector<std::string>& known);

/// Returns the name in `known` that equals `typed`, or that differs only in upper and lower case,
/// if there is exactly one such name. Otherwise returns nothing.
std::optional<std::string> find_name(const std::string& typed,
                                     const std::vector<std::string>& known);
/// The same, but throws an Error with the nearest name. `what` is the kind of thing ("row").
std::string match_name(const std::string& typed, const std::vector<std::string>& known,
                       const std::string& what);

}  // namespace mra
