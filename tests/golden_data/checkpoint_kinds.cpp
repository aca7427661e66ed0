#include "tests/golden_data/checkpoint_kinds.h"

#include <fstream>

#include <gtest/gtest.h>

#include "harness/base/hash.h"
#include "harness/weights/weight_file.h"
#include "harness/weights/zip_archive.h"
#include "tests/support/confined.h"

namespace mra {

namespace {

using Json = nlohmann::json;

constexpr size_t kMostBytes = 100 << 20;
constexpr double kMostSeconds = 1;

const Json& expected_of(const GoldenCase& golden) {
  static std::map<std::filesystem::path, Json> files;
  const auto path = golden.folder / golden.options.at("expected").get<std::string>();
  if (!files.contains(path)) {
    std::ifstream file(path);
    files[path] = Json::parse(file);
  }
  return files[path].at("files").at(golden.options.at("entry").get<std::string>());
}

std::vector<std::string> path_of(const Json& expected) {
  std::vector<std::string> path;
  for (const Json& key : expected.at("path"))
    path.push_back(key.is_string() ? key.get<std::string>() : key.dump());
  return path;
}

const WeightTensor& find(const WeightFile& file, const std::vector<std::string>& path) {
  for (const WeightTensor& tensor : file.tensors())
    if (tensor.path == path) return tensor;
  throw std::runtime_error("no tensor at " + Json(path).dump());
}

std::string slashes(const std::vector<std::string>& path) {
  std::string joined;
  for (const std::string& key : path) joined += (joined.empty() ? "" : "/") + key;
  return joined;
}

void expect_tensor(const WeightFile& file, const Json& expected,
                   std::map<std::string, size_t>& storages) {
  const std::string key = expected.at("key");
  SCOPED_TRACE(key);
  const auto path = path_of(expected);
  const WeightTensor& tensor = file.container() == "safetensors" ? file.at(key) : find(file, path);
  EXPECT_EQ(tensor.name(), key);
  EXPECT_EQ(tensor.dtype, expected.at("dtype"));
  EXPECT_EQ(Json(tensor.shape), expected.at("shape"));
  EXPECT_EQ(Json(tensor.strides), expected.at("stride"));
  EXPECT_EQ(tensor.offset, expected.at("storage_offset"));
  const Json shared = expected.value("shares_storage_with", Json());
  for (const auto& [other, storage] : storages)
    EXPECT_EQ(storage == tensor.storage, shared.is_string() && shared == other) << other;
  if (shared.is_null()) storages[slashes(path)] = tensor.storage;

  const WeightBytes bytes = file.bytes(tensor);
  ASSERT_EQ(bytes.bytes.size(), expected.at("nbytes"));
  const std::string_view text(reinterpret_cast<const char*>(bytes.bytes.data()),
                              bytes.bytes.size());
  EXPECT_EQ(sha256(text), expected.at("sha256"));
  EXPECT_EQ(crc32(bytes.bytes), std::stoul(expected.at("crc32").get<std::string>(), nullptr, 16));
  std::string copy(tensor.size_bytes(), '\0');
  file.copy_to(tensor, copy.data());
  EXPECT_TRUE(copy == text);
}

}  // namespace

void check_checkpoint(const GoldenCase& golden) {
  const Json& expected = expected_of(golden);
  const WeightFile file(golden.folder / golden.file);
  const std::string container = expected.at("container");
  EXPECT_EQ(file.container(), container == "sequential" ? "legacy" : container);
  EXPECT_EQ(file.tensors().size(), expected.at("tensors").size());
  std::map<std::string, size_t> storages;
  for (const Json& tensor : expected.at("tensors")) expect_tensor(file, tensor, storages);
}

void check_hostile_checkpoint(const GoldenCase& golden) {
  const auto path = golden.folder / golden.file;
  ASSERT_TRUE(std::filesystem::exists(path));
  const Confined result = confined(
      [&] {
        const WeightFile file(path);
        for (const WeightTensor& tensor : file.tensors()) file.bytes(tensor);
        if (golden.options.at("expect") == "reject_or_empty" && !file.tensors().empty())
          throw std::runtime_error("tensors were found");
      },
      kMostBytes, /*time_s=*/2);
  EXPECT_LT(result.seconds, kMostSeconds * kSlowdown);
  ASSERT_NE(result.end, Confined::End::kFailed) << result.message;
  const std::string expect = golden.options.at("expect");
  const bool may_accept = expect == "reject_or_bounded" || expect == "reject_or_empty";
  EXPECT_TRUE(may_accept || result.end == Confined::End::kRefused) << "accepted";
  if (result.end != Confined::End::kRefused) return;
  EXPECT_NE(result.message.find(path.string()), std::string::npos) << result.message;
  testing::Test::RecordProperty("refused", result.message);
}

}  // namespace mra
