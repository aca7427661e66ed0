#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mra {

/// How a class or function named in a pickle is treated.
enum class GlobalUse {
  kName,       ///< a type, which is never called
  kDict,       ///< a call to it makes a dictionary
  kTensor,     ///< a call makes a tensor from storage, offset, sizes and strides
  kTyped,      ///< the same, with the type as a separate argument
  kFromType,   ///< a call makes a tensor: by the function in argument 1, of the arguments in 3
  kSkipped,    ///< a call makes a tensor of a kind that is not read
  kParameter,  ///< a call wraps a tensor
  kBytes,      ///< a call makes bytes from text
  kInert,      ///< a call makes an object whose content is not used
};

/// Returns the use of "module\nname"; nothing when that exact name is not on the allow-list.
std::optional<GlobalUse> use_of_global(std::string_view global);

/// Returns the kind ("sparse") of tensor that a function with GlobalUse::kSkipped makes.
std::string_view kind_of_skipped(std::string_view global);

/// Returns "U16" for "torch\nuint16"; empty for other names and for types that are not read.
std::string dtype_of_type(std::string_view global);

/// Returns "F32" for "torch\nFloatStorage", "torch.cuda\nFloatTensor", …; empty for other names.
std::string dtype_of_global(std::string_view global);

}  // namespace mra
