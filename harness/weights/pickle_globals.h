#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mra {

/// What becomes of a class or function that a pickle names.
enum class GlobalUse {
  kName,       ///< stands for a type of values and is never called
  kDict,       ///< a call makes a dictionary
  kTensor,     ///< a call makes a tensor of its storage, offset, sizes and strides
  kParameter,  ///< a call wraps a tensor
  kInert,      ///< a call makes an object that nothing is asked of
};

/// The use of "module\nname" if it is on the allow-list, else nothing: the whole name must match.
std::optional<GlobalUse> use_of_global(std::string_view global);

/// "F32" for "torch\nFloatStorage", "torch.cuda\nFloatTensor" and so on; empty for other names.
std::string dtype_of_global(std::string_view global);

}  // namespace mra
