#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "harness/weights/safetensors.h"

// Reference results of other programs: every case of every cases.json below a folder, compared as
// the case says. A program covers some kinds: main() gives register_golden_tests() a table from
// kind to function. To cover a kind without LibTorch, write its function and put a line into the
// table of tests/golden_data/kinds.cpp and its name into kDataKinds. To cover one with LibTorch,
// add it in an add_..._kinds() of tests/golden_model/; a new one is declared in kinds.h and called
// in main.cpp.
namespace mra {

/// The values of a tensor of any type; whole numbers below 2^53 and all floats are held exactly.
struct GoldenTensor {
  std::vector<int64_t> shape;
  std::vector<double> values;
};
using GoldenTensors = std::map<std::string, GoldenTensor>;

struct GoldenCase {
  std::string name, kind;
  nlohmann::json options, compare;
  std::vector<std::string> inputs, outputs;
  std::filesystem::path folder;  ///< of its cases.json
  std::string file;              ///< safetensors, in `folder`

  /// An input or output tensor, still in its file.
  TensorView tensor(const std::string& tensor_name) const;
  /// A safetensors file of `folder`, opened once for all cases.
  const SafetensorsFile& safetensors(const std::string& file_name) const;
};

/// A case whose kind is covered names a model, method or format that is not: it is skipped.
struct NotBuilt : std::runtime_error {
  using std::runtime_error::runtime_error;
};
[[noreturn]] void not_built(const std::string& what);

GoldenTensor golden_tensor(const TensorView& view);

/// The outputs of a case, by name; those that the case does not list are not compared.
using GoldenKind = std::function<GoldenTensors(const GoldenCase&)>;

/// Compares by itself what the case says, for kinds whose expected results are no tensors.
using GoldenCheck = std::function<void(const GoldenCase&)>;
/// Registers a test for every case whose kind is in `checks`.
void register_golden_checks(const std::map<std::string, GoldenCheck>& checks);

/// Kinds that the program without LibTorch covers.
extern const std::vector<std::string> kDataKinds;

/// Registers a test for every case of $HARNESS_GOLDEN, else of tests/golden, whose kind is in
/// `kinds`. When `report_uncovered`, every other kind but kDataKinds is one skipped test.
void register_golden_tests(const std::map<std::string, GoldenKind>& kinds, bool report_uncovered);

}  // namespace mra
