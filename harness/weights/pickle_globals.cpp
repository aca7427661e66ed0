#include "harness/weights/pickle_globals.h"

#include <map>

namespace mra {

namespace {

using Uses = std::map<std::string_view, GlobalUse>;

/// What state dicts consist of.
const Uses kOfWeights = {
    {"collections\nOrderedDict", GlobalUse::kDict},
    {"collections\ndefaultdict", GlobalUse::kDict},
    {"collections\nCounter", GlobalUse::kDict},
    {"torch._utils\n_rebuild_tensor", GlobalUse::kTensor},
    {"torch._utils\n_rebuild_tensor_v2", GlobalUse::kTensor},
    {"torch._utils\n_rebuild_parameter", GlobalUse::kParameter},
    {"torch._utils\n_rebuild_parameter_with_state", GlobalUse::kParameter},
    {"torch.nn.parameter\nParameter", GlobalUse::kParameter},
    {"torch.autograd.variable\nVariable", GlobalUse::kParameter},
};

/// What training scripts save beside the weights.
const Uses kBeside = {
    {"torch\nSize", GlobalUse::kInert},
    {"torch\ndevice", GlobalUse::kInert},
    {"argparse\nNamespace", GlobalUse::kInert},
    {"types\nSimpleNamespace", GlobalUse::kInert},
    {"pathlib\nPosixPath", GlobalUse::kInert},
    {"pathlib\nWindowsPath", GlobalUse::kInert},
    {"collections\ndeque", GlobalUse::kInert},
    {"datetime\ndatetime", GlobalUse::kInert},
    {"datetime\ntimedelta", GlobalUse::kInert},
    {"numpy\ndtype", GlobalUse::kInert},
    {"numpy\nndarray", GlobalUse::kInert},
    {"numpy.core.multiarray\nscalar", GlobalUse::kInert},
    {"numpy.core.multiarray\n_reconstruct", GlobalUse::kInert},
    {"numpy._core.multiarray\nscalar", GlobalUse::kInert},
    {"numpy._core.multiarray\n_reconstruct", GlobalUse::kInert},
    {"_codecs\nencode", GlobalUse::kInert},
    {"copy_reg\n_reconstructor", GlobalUse::kInert},
    {"copyreg\n_reconstructor", GlobalUse::kInert},
};

/// Types of Python itself, in the spelling of Python 2 and of Python 3.
bool is_plain_type(std::string_view global) {
  static constexpr std::string_view kNames[] = {
      "object", "set",  "frozenset", "list", "dict",  "tuple",     "int",    "long",
      "float",  "bool", "complex",   "str",  "bytes", "bytearray", "unicode"};
  for (const std::string_view module : {"builtins\n", "__builtin__\n"})
    if (global.starts_with(module))
      for (const std::string_view name : kNames)
        if (global.substr(module.size()) == name) return true;
  return false;
}

}  // namespace

std::string dtype_of_global(std::string_view global) {
  static const std::map<std::string_view, const char*> kDtypes = {
      {"Double", "F64"}, {"Float", "F32"}, {"Half", "F16"}, {"BFloat16", "BF16"}, {"Long", "I64"},
      {"Int", "I32"},    {"Short", "I16"}, {"Char", "I8"},  {"Byte", "U8"},       {"Bool", "BOOL"}};
  for (const std::string_view module : {"torch\n", "torch.cuda\n"}) {
    if (!global.starts_with(module)) continue;
    for (const std::string_view ending : {"Storage", "Tensor"}) {
      const std::string_view name = global.substr(module.size());
      if (!name.ends_with(ending)) continue;
      const auto found = kDtypes.find(name.substr(0, name.size() - ending.size()));
      if (found != kDtypes.end()) return found->second;
    }
  }
  return "";
}

std::optional<GlobalUse> use_of_global(std::string_view global) {
  for (const Uses* uses : {&kOfWeights, &kBeside})
    if (const auto found = uses->find(global); found != uses->end()) return found->second;
  if (!dtype_of_global(global).empty()) return GlobalUse::kName;
  if (is_plain_type(global)) return GlobalUse::kInert;
  return std::nullopt;
}

}  // namespace mra
