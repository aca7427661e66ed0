#include "harness/weights/pickle_globals.h"

#include <map>

namespace mra {

namespace {

using Uses = std::map<std::string_view, GlobalUse>;

/// Names that occur in state dicts.
const Uses kOfWeights = {
    {"collections\nOrderedDict", GlobalUse::kDict},
    {"collections\ndefaultdict", GlobalUse::kDict},
    {"collections\nCounter", GlobalUse::kDict},
    {"torch._utils\n_rebuild_tensor", GlobalUse::kTensor},
    {"torch._utils\n_rebuild_tensor_v2", GlobalUse::kTensor},
    {"torch._utils\n_rebuild_tensor_v3", GlobalUse::kTyped},
    {"torch._tensor\n_rebuild_from_type_v2", GlobalUse::kFromType},
    {"torch._utils\n_rebuild_parameter", GlobalUse::kParameter},
    {"torch._utils\n_rebuild_parameter_with_state", GlobalUse::kParameter},
    {"torch.nn.parameter\nParameter", GlobalUse::kParameter},
    {"torch.autograd.variable\nVariable", GlobalUse::kParameter},
};

/// Functions that make tensors of kinds that are not read, with the name of the kind.
const std::map<std::string_view, std::string_view> kOtherKinds = {
    {"torch._utils\n_rebuild_qtensor", "quantised"},
    {"torch._utils\n_rebuild_sparse_tensor", "sparse"},
    {"torch._utils\n_rebuild_nested_tensor", "nested"},
    {"torch._utils\n_rebuild_meta_tensor_no_storage", "without values"},
    {"torch._utils\n_rebuild_wrapper_subclass", "without values"},
    {"torch._utils\n_rebuild_device_tensor_from_numpy", "of a device without storages"},
    {"torch._utils\n_rebuild_device_tensor_from_cpu_tensor", "of a device without storages"},
};

/// Names of other objects that training scripts save together with weights.
const Uses kBeside = {
    {"torch\nSize", GlobalUse::kInert},
    {"torch\ndevice", GlobalUse::kInert},
    {"torch\nTensor", GlobalUse::kName},
    {"torch._tensor\nTensor", GlobalUse::kName},
    {"torch\nper_tensor_affine", GlobalUse::kName},
    {"torch\nper_tensor_symmetric", GlobalUse::kName},
    {"torch\nper_channel_affine", GlobalUse::kName},
    {"torch\nper_channel_symmetric", GlobalUse::kName},
    {"torch\nper_channel_affine_float_qparams", GlobalUse::kName},
    {"torch.serialization\n_get_layout", GlobalUse::kInert},
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
    {"_codecs\nencode", GlobalUse::kBytes},
    {"copy_reg\n_reconstructor", GlobalUse::kInert},
    {"copyreg\n_reconstructor", GlobalUse::kInert},
};

/// Whether the name is a built-in type of Python 2 or Python 3.
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

/// Names of element types in tensors and in arguments of scripts; "" for types that are not read.
const std::map<std::string_view, const char*> kTypes = {{"float64", "F64"},
                                                        {"float32", "F32"},
                                                        {"float16", "F16"},
                                                        {"bfloat16", "BF16"},
                                                        {"int64", "I64"},
                                                        {"int32", "I32"},
                                                        {"int16", "I16"},
                                                        {"int8", "I8"},
                                                        {"uint64", "U64"},
                                                        {"uint32", "U32"},
                                                        {"uint16", "U16"},
                                                        {"uint8", "U8"},
                                                        {"bool", "BOOL"},
                                                        {"complex32", "C32"},
                                                        {"complex64", "C64"},
                                                        {"complex128", "C128"},
                                                        {"float8_e4m3fn", "F8_E4M3"},
                                                        {"float8_e5m2", "F8_E5M2"},
                                                        {"float8_e8m0fnu", "F8_E8M0"},
                                                        {"float8_e4m3fnuz", "F8_E4M3FNUZ"},
                                                        {"float8_e5m2fnuz", "F8_E5M2FNUZ"},
                                                        {"float4_e2m1fn_x2", ""},
                                                        {"quint8", ""},
                                                        {"qint8", ""},
                                                        {"qint32", ""},
                                                        {"quint4x2", ""},
                                                        {"quint2x4", ""},
                                                        {"bits8", ""},
                                                        {"bits16", ""},
                                                        {"bits1x8", ""},
                                                        {"bits2x4", ""},
                                                        {"bits4x2", ""},
                                                        {"uint1", ""},
                                                        {"uint2", ""},
                                                        {"uint3", ""},
                                                        {"uint4", ""},
                                                        {"uint5", ""},
                                                        {"uint6", ""},
                                                        {"uint7", ""},
                                                        {"int1", ""},
                                                        {"int2", ""},
                                                        {"int3", ""},
                                                        {"int4", ""},
                                                        {"int5", ""},
                                                        {"int6", ""},
                                                        {"int7", ""}};

/// Returns the type for "torch\nTYPE"; null for other names.
const char* find_type(std::string_view global) {
  constexpr std::string_view kModule = "torch\n";
  if (!global.starts_with(kModule)) return nullptr;
  const auto found = kTypes.find(global.substr(kModule.size()));
  return found == kTypes.end() ? nullptr : found->second;
}

}  // namespace

std::string_view kind_of_skipped(std::string_view global) {
  const auto found = kOtherKinds.find(global);
  return found == kOtherKinds.end() ? "" : found->second;
}

std::string dtype_of_type(std::string_view global) {
  const char* type = find_type(global);
  return type == nullptr ? "" : type;
}

std::string dtype_of_global(std::string_view global) {
  static const std::map<std::string_view, const char*> kDtypes = {
      {"Double", "F64"}, {"Float", "F32"}, {"Half", "F16"},         {"BFloat16", "BF16"},
      {"Long", "I64"},   {"Int", "I32"},   {"Short", "I16"},        {"Char", "I8"},
      {"Byte", "U8"},    {"Bool", "BOOL"}, {"ComplexFloat", "C64"}, {"ComplexDouble", "C128"},
      {"QInt8", "Q8"},   {"QUInt8", "Q8"}, {"QUInt4x2", "Q8"},      {"QUInt2x4", "Q8"},
      {"QInt32", "Q32"}};
  if (global == "torch.storage\nUntypedStorage" || global == "torch\nUntypedStorage") return "U8";
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
  if (!dtype_of_global(global).empty() || find_type(global) != nullptr) return GlobalUse::kName;
  if (kOtherKinds.contains(global)) return GlobalUse::kSkipped;
  if (is_plain_type(global)) return GlobalUse::kInert;
  return std::nullopt;
}

}  // namespace mra
