#include "tests/support/golden.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>

#include <gtest/gtest.h>

namespace mra {

namespace fs = std::filesystem;
using Json = nlohmann::json;

const std::vector<std::string> kDataKinds = {"resize",
                                             "resized_crop",
                                             "eval_transform",
                                             "eval_geometry",
                                             "hflip",
                                             "normalize",
                                             "float_jitter",
                                             "lighting",
                                             "pil_op",
                                             "color_jitter",
                                             "grayscale",
                                             "checkpoint",
                                             "hostile_checkpoint",
                                             "class_balanced_sampling",
                                             "class_aware_sequence"};

void not_built(const std::string& what) {
  throw NotBuilt(what + " is not built");
}

const SafetensorsFile& GoldenCase::safetensors(const std::string& file_name) const {
  static std::map<fs::path, SafetensorsFile> files;
  const fs::path path = folder / file_name;
  const auto found = files.find(path);
  return found != files.end() ? found->second : files.emplace(path, path).first->second;
}

TensorView GoldenCase::tensor(const std::string& tensor_name) const {
  return safetensors(file).at(name + "/" + tensor_name);
}

template <typename T>
static void append(const TensorView& view, std::vector<double>& values) {
  for (size_t at = 0; at < view.bytes.size(); at += sizeof(T)) {
    T value;
    std::memcpy(&value, view.bytes.data() + at, sizeof(T));
    values.push_back(double(value));
  }
}

GoldenTensor golden_tensor(const TensorView& view) {
  GoldenTensor tensor{view.shape, {}};
  if (view.dtype == "F32")
    append<float>(view, tensor.values);
  else if (view.dtype == "F64")
    append<double>(view, tensor.values);
  else if (view.dtype == "I64")
    append<int64_t>(view, tensor.values);
  else if (view.dtype == "I32")
    append<int32_t>(view, tensor.values);
  else if (view.dtype == "U8")
    append<uint8_t>(view, tensor.values);
  else
    throw std::runtime_error("no golden tensor of type " + view.dtype);
  return tensor;
}

namespace {

fs::path golden_folder() {
  if (const char* named = std::getenv("HARNESS_GOLDEN")) return named;
  return fs::path(HARNESS_SOURCE_DIR) / "tests" / "golden";
}

std::vector<GoldenCase> read_cases(const fs::path& path) {
  std::ifstream file(path);
  const Json area = Json::parse(file);
  std::vector<GoldenCase> cases;
  for (const Json& json : area.at("cases"))
    cases.push_back({.name = json.at("name"),
                     .kind = json.at("kind"),
                     .options = json.value("options", Json::object()),
                     .compare = json.value("compare", Json("exact")),
                     .inputs = json.value("inputs", std::vector<std::string>{}),
                     .outputs = json.value("outputs", std::vector<std::string>{}),
                     .folder = path.parent_path(),
                     .file = json.value("file", "")});
  return cases;
}

std::vector<GoldenCase> all_cases() {
  if (!fs::is_directory(golden_folder())) return {};
  std::vector<fs::path> paths;
  for (const auto& entry : fs::recursive_directory_iterator(golden_folder()))
    if (entry.path().filename() == "cases.json") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  std::vector<GoldenCase> cases;
  for (const fs::path& path : paths)
    for (GoldenCase& golden : read_cases(path)) cases.push_back(std::move(golden));
  return cases;
}

/// |got − expected| <= atol + rtol·|expected| everywhere; equal where the case or the type says so.
void expect_golden(const GoldenTensor& got, const TensorView& view, const Json& compare,
                   const std::string& what) {
  const GoldenTensor expected = golden_tensor(view);
  ASSERT_EQ(got.shape, expected.shape) << what << " has another shape";
  ASSERT_EQ(got.values.size(), expected.values.size()) << what << " has another size";
  const bool exact = compare.is_string() || view.dtype[0] != 'F' || what == "mask";
  const double rtol = exact ? 0 : compare.at("rtol").get<double>();
  const double atol = exact ? 0 : compare.at("atol").get<double>();
  size_t wrong = 0, first = 0;
  for (size_t i = 0; i < expected.values.size(); ++i) {
    const double error = std::abs(got.values[i] - expected.values[i]);
    if (error <= atol + rtol * std::abs(expected.values[i])) continue;  // false for NaN
    if (wrong++ == 0) first = i;
  }
  EXPECT_EQ(wrong, 0u) << what << ": " << wrong << " of " << expected.values.size()
                       << " values differ, the first at " << first << ": " << got.values[first]
                       << " instead of " << expected.values[first];
}

class GoldenTest : public testing::Test {
 public:
  GoldenTest(GoldenCase golden, GoldenKind kind)
      : golden_(std::move(golden)), kind_(std::move(kind)) {}

  void TestBody() override {
    try {
      const GoldenTensors outputs = kind_(golden_);
      ASSERT_FALSE(golden_.outputs.empty());
      for (const std::string& name : golden_.outputs) {
        ASSERT_TRUE(outputs.contains(name)) << "no output " << name;
        expect_golden(outputs.at(name), golden_.tensor(name), golden_.compare, name);
      }
    } catch (const NotBuilt& reason) {
      GTEST_SKIP() << reason.what();
    }
  }

 private:
  GoldenCase golden_;
  GoldenKind kind_;
};

class GoldenCheckTest : public testing::Test {
 public:
  GoldenCheckTest(GoldenCase golden, GoldenCheck check)
      : golden_(std::move(golden)), check_(std::move(check)) {}
  void TestBody() override { check_(golden_); }

 private:
  GoldenCase golden_;
  GoldenCheck check_;
};

class UncoveredKind : public testing::Test {
 public:
  UncoveredKind(std::string kind, int64_t cases) : kind_(std::move(kind)), cases_(cases) {}
  void TestBody() override {
    GTEST_SKIP() << "kind " << kind_ << " is not built: " << cases_ << " cases";
  }

 private:
  std::string kind_;
  int64_t cases_;
};

class NoCases : public testing::Test {
 public:
  void TestBody() override { FAIL() << "no golden case below " << golden_folder(); }
};

std::string identifier(std::string name) {
  for (char& letter : name)
    if (!std::isalnum(static_cast<unsigned char>(letter))) letter = '_';
  return name;
}

}  // namespace

void register_golden_checks(const std::map<std::string, GoldenCheck>& checks) {
  for (const GoldenCase& golden : all_cases()) {
    const auto check = checks.find(golden.kind);
    if (check == checks.end()) continue;
    testing::RegisterTest("GoldenChecks", identifier(golden.kind + "_" + golden.name).c_str(),
                          nullptr, nullptr, __FILE__, __LINE__, [golden, function = check->second] {
                            return new GoldenCheckTest(golden, function);
                          });
  }
}

void register_golden_tests(const std::map<std::string, GoldenKind>& kinds, bool report_uncovered) {
  const std::vector<GoldenCase> cases = all_cases();
  std::map<std::string, int64_t> uncovered;
  for (const GoldenCase& golden : cases) {
    const auto kind = kinds.find(golden.kind);
    if (kind == kinds.end()) {
      ++uncovered[golden.kind];
      continue;
    }
    testing::RegisterTest(
        "Golden", identifier(golden.kind + "_" + golden.name).c_str(), nullptr, nullptr, __FILE__,
        __LINE__, [golden, function = kind->second] { return new GoldenTest(golden, function); });
  }
  if (cases.empty())
    testing::RegisterTest("GoldenFolder", "HasCases", nullptr, nullptr, __FILE__, __LINE__,
                          [] { return new NoCases; });
  for (const std::string& kind : kDataKinds) uncovered.erase(kind);
  if (!report_uncovered) return;
  for (const auto& [kind, count] : uncovered)
    testing::RegisterTest("GoldenKind", identifier(kind).c_str(), nullptr, nullptr, __FILE__,
                          __LINE__,
                          [kind = kind, count = count] { return new UncoveredKind(kind, count); });
}

}  // namespace mra
