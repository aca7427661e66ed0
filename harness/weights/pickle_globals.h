#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mra {

/// What becomes of a class or function that a pickle names.
enum class GlobalUse {
  kName,       ///< a type, which is never called
  kDict,       ///< a call makes a dictionary
  kTensor,     ///< a call makes a tensor of its storage, offset, sizes and strides
  kTyped,      ///< the same, the type being given apart from the storage
  kFromType,   ///< a call makes the tensor that its first argument makes of its third
  kSkipped,    ///< a call makes a tensor of a kind that is not read
  kParameter,  ///< a call wraps a tensor
  kBytes,      ///< a call makes the bytes that a text stands for
  kInert,      ///< a call makes an object whose content is not used
};

/// The use of "module\nname" if it is on the allow-list, else nothing: the whole name must match.
std::optional<GlobalUse> use_of_global(std::string_view global);

/// "sparse" and so on: the kind of tensor that a function of GlobalUse::kSkipped makes.
std::string_view kind_of_skipped(std::string_view global);

/// "U16" for "torch\nuint16"; empty for other names and for types that are not read.
std::string dtype_of_type(std::string_view global);

/// "F32" for "torch\nFloatStorage", "torch.cuda\nFloatTensor" and so on; empty for other names.
std::string dtype_of_global(std::string_view global);

}  // namespace mra
