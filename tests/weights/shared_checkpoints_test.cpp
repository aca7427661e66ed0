// Real files of other projects, with what another reader found in them.
#include <cmath>
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/weights/weight_file.h"
#include "tests/support/shared_folder.h"

namespace mra {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

fs::path checkpoints() {
  return shared_folder() / "data" / "formats" / "checkpoints";
}

template <typename T>
double number_at(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return double(value);
}

double float_of_bits(uint32_t bits) {
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return double(value);
}

double half_at(const std::byte* at) {
  const auto bits = uint16_t(number_at<uint16_t>(at));
  const int exponent = bits >> 10 & 31;
  const double fraction = (bits & 1023) / 1024.0;
  const double size =
      exponent == 0 ? std::ldexp(fraction, -14) : std::ldexp(1 + fraction, exponent - 15);
  return (bits & 0x8000) != 0 ? -size : size;
}

double value_at(const std::string& dtype, const std::byte* at) {
  if (dtype == "F64") return number_at<double>(at);
  if (dtype == "F32") return number_at<float>(at);
  if (dtype == "F16") return half_at(at);
  if (dtype == "BF16") return float_of_bits(uint32_t(number_at<uint16_t>(at)) << 16);
  if (dtype == "I64") return number_at<int64_t>(at);
  if (dtype == "I32") return number_at<int32_t>(at);
  if (dtype == "I16") return number_at<int16_t>(at);
  if (dtype == "I8") return number_at<int8_t>(at);
  return number_at<uint8_t>(at);  // U8, BOOL
}

std::vector<double> values_of(const WeightFile& file, const WeightTensor& tensor) {
  const WeightBytes bytes = file.bytes(tensor);
  const size_t size = bytes.bytes.size() / std::max<size_t>(size_t(tensor.count()), 1);
  std::vector<double> values;
  for (size_t at = 0; at < bytes.bytes.size(); at += size)
    values.push_back(value_at(tensor.dtype, bytes.bytes.data() + at));
  return values;
}

/// The value that JSON writes as a number, a bool, "nan" or "-inf".
double value_of(const Json& json) {
  if (json.is_string()) return std::stod(json.get<std::string>());
  return json.is_boolean() ? double(json.get<bool>()) : json.get<double>();
}

void expect_values(const std::vector<double>& values, const Json& expected) {
  const Json first = expected.value("first", Json::array());
  ASSERT_LE(first.size(), values.size());
  for (size_t i = 0; i < first.size(); ++i)
    EXPECT_TRUE(values[i] == value_of(first[i]) ||
                (std::isnan(values[i]) && std::isnan(value_of(first[i]))))
        << values[i] << " instead of " << first[i];
  if (!expected.contains("sum_f64")) return;
  double sum = 0, size = 0;
  for (const double value : values) {
    sum += value;
    size += std::abs(value);
  }
  EXPECT_NEAR(sum, expected.at("sum_f64").get<double>(), 1e-12 * size);
}

std::string lower(std::string text) {
  for (char& letter : text) letter = char(std::tolower(letter));
  return text;
}

void expect_file(const fs::path& path, const Json& expected) {
  const WeightFile file(path);
  const std::string container = expected.at("container");
  EXPECT_EQ(file.container(), container == "legacy pickle" ? "legacy" : container);
  size_t tensors = 0;
  for (const auto& [name, about] : expected.at("tensors").items()) {
    if (!about.contains("dtype")) continue;  // a value that is no tensor
    SCOPED_TRACE(name);
    ++tensors;
    const WeightTensor& tensor = file.at(name);
    EXPECT_EQ(lower(tensor.dtype), lower(about.at("dtype")));
    EXPECT_EQ(Json(tensor.shape), about.at("shape"));
    EXPECT_EQ(Json(tensor.strides), about.value("stride", Json(tensor.strides)));
    EXPECT_EQ(tensor.contiguous(), about.value("contiguous", true));
    expect_values(values_of(file, tensor), about);
  }
  EXPECT_EQ(file.tensors().size(), tensors);
}

}  // namespace

TEST(SharedCheckpoints, EachHoldsWhatItsListSays) {
  std::ifstream list(checkpoints() / "CONTENTS.json");
  if (!list) GTEST_SKIP() << "no " << checkpoints() / "CONTENTS.json";
  size_t read = 0;
  for (const Json& expected : Json::parse(list)) {
    const fs::path path = checkpoints() / expected.at("path").get<std::string>();
    if (!fs::exists(path)) continue;
    SCOPED_TRACE(path);
    ++read;
    if (expected.contains("error"))
      EXPECT_THROW(WeightFile{path}, Error);
    else
      expect_file(path, expected);
  }
  EXPECT_GT(read, 50u);
}

TEST(SharedCheckpoints, TheOldestOfThemHoldTheirValues) {
  const fs::path folder =
      checkpoints() / "burn/crates/burn-store/src/pytorch/tests/reader/test_data";
  if (!fs::exists(folder)) GTEST_SKIP() << "no " << folder;
  const WeightFile file(folder / "tar_multi_dtype.tar");
  EXPECT_EQ(file.container(), "tar");
  EXPECT_EQ(file.tensors().size(), 3u);
  EXPECT_EQ(values_of(file, file.at("float_tensor")), (std::vector<double>{1.5, 2.5, 3.5}));
  EXPECT_EQ(values_of(file, file.at("double_tensor")), (std::vector<double>{1.111, 2.222}));
  EXPECT_EQ(values_of(file, file.at("int_tensor")), (std::vector<double>{10, 20, 30, 40}));
  for (const char* name : {"2d_tensor", "float32", "float64", "int64", "weight_bias"})
    EXPECT_FALSE(WeightFile(folder / fmt::format("tar_{}.tar", name)).tensors().empty()) << name;
}

TEST(SharedCheckpoints, AWrappedStateDictIsFoundInEveryContainer) {
  const fs::path folder = checkpoints() / "resnet_cifar10";
  if (!fs::exists(folder)) GTEST_SKIP() << "no " << folder;
  const WeightFile original(folder / "resnet20-12fca82f.th");
  EXPECT_EQ(find_state_dict(original).prefix, "state_dict.module.");
  const auto expected = state_dict_of(original);
  EXPECT_EQ(expected.size(), 97u);
  for (const char* name : {"safetensors", "zip.pth", "plain_dict.zip.pth"}) {
    SCOPED_TRACE(name);
    const WeightFile converted(folder / "converted" / ("resnet20." + std::string(name)));
    const auto weights = state_dict_of(converted);
    ASSERT_EQ(weights.size(), expected.size());
    for (const auto& [key, tensor] : expected)
      EXPECT_EQ(values_of(converted, *weights.at(key)), values_of(original, *tensor)) << key;
  }
}

}  // namespace mra
