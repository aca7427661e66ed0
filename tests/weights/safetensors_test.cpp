#include "harness/weights/safetensors.h"

#include <cstring>
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "tests/support/temp_dir.h"

namespace mra {

namespace fs = std::filesystem;
using Json = nlohmann::json;

static const fs::path kCheckpoints =
    fs::path(HARNESS_SOURCE_DIR) / "tests" / "golden" / "downstream" / "checkpoints";

/// The error of reading `path`; fails the test when there is none.
static Error read_error(const fs::path& path) {
  try {
    SafetensorsFile file(path);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << path << " was accepted";
  return Error(ErrorKind::kFailure, "", "", "");
}

/// A file with the header `text` and `data_bytes` zeros after it.
static fs::path file_of(const TempDir& folder, const std::string& text, size_t data_bytes) {
  const fs::path path = folder / "a.safetensors";
  const uint64_t length = text.size();
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(&length), sizeof length);
  file << text << std::string(data_bytes, '\0');
  return path;
}

template <typename T>
static TensorView view_of(const std::string& dtype, const std::vector<T>& values) {
  return {dtype, {int64_t(values.size())}, std::as_bytes(std::span(values))};
}

TEST(Safetensors, EveryDamagedFileIsRefusedByItsName) {
  int files = 0;
  for (const auto& entry : fs::directory_iterator(kCheckpoints)) {
    const std::string name = entry.path().filename();
    if (!name.ends_with(".safetensors") || name == "flat.safetensors") continue;
    ++files;
    const Error error = read_error(entry.path());
    EXPECT_EQ(error.kind, ErrorKind::kIntegrity) << name;
    EXPECT_EQ(error.where, entry.path()) << name;
  }
  EXPECT_GE(files, 44);
}

TEST(Safetensors, EveryTensorOfAnotherProgramsFileIsRead) {
  const SafetensorsFile file(kCheckpoints / "flat.safetensors");
  const Json expected =
      Json::parse(read_file(kCheckpoints / "expected.json"))["files"]["flat.safetensors"];
  EXPECT_EQ(file.tensors().size(), expected["tensors"].size());
  for (const Json& tensor : expected["tensors"]) {
    const TensorView& view = file.at(tensor["key"]);
    EXPECT_EQ(view.dtype, tensor["dtype"]) << tensor["key"];
    EXPECT_EQ(Json(view.shape), tensor["shape"]) << tensor["key"];
    const auto* text = reinterpret_cast<const char*>(view.bytes.data());
    EXPECT_EQ(sha256({text, view.bytes.size()}), tensor["sha256"]) << tensor["key"];
  }
  EXPECT_EQ(file.metadata().at("format"), "pt");
}

TEST(Safetensors, OnlySpacesMayFollowTheHeader) {
  const TempDir folder;
  EXPECT_EQ(SafetensorsFile(file_of(folder, "{}      ", 0)).tensors().size(), 0u);
  EXPECT_EQ(read_error(file_of(folder, std::string("{}\0hidden", 9), 0)).kind,
            ErrorKind::kIntegrity);
  EXPECT_EQ(read_error(file_of(folder, "\xEF\xBB\xBF{}", 0)).kind, ErrorKind::kIntegrity);
}

TEST(Safetensors, AnOverlapAsLongAsAHoleIsRefused) {
  const TempDir folder;
  const fs::path path = file_of(folder,
                                R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                                R"("b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                                R"("c":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})",
                                12);
  EXPECT_EQ(read_error(path).kind, ErrorKind::kIntegrity);
}

TEST(Safetensors, ATensorWithoutValuesMayStandBetweenOthers) {
  const TempDir folder;
  const SafetensorsFile file(
      file_of(folder,
              R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
              R"("b":{"dtype":"F32","shape":[0,9223372036854775807],"data_offsets":[4,4]},)"
              R"("c":{"dtype":"U8","shape":[],"data_offsets":[4,5]}})",
              5));
  EXPECT_TRUE(file.at("b").bytes.empty());
  EXPECT_EQ(file.at("c").bytes.size(), 1u);
}

TEST(Safetensors, AnUnknownTensorIsRefusedWithTheNearestName) {
  const SafetensorsFile file(kCheckpoints / "flat.safetensors");
  try {
    file.at("model.conv.wieght");
    FAIL() << "an unknown tensor was found";
  } catch (const Error& error) {
    EXPECT_NE(error.cure.find("model.conv.weight"), std::string::npos);
  }
}

TEST(Safetensors, WhatIsWrittenIsRead) {
  const TempDir folder;
  const std::vector<uint8_t> odd{1, 2, 3};
  const std::vector<float> floats{0.5f, -2.0f};
  write_safetensors(folder / "a.safetensors",
                    {{"odd", view_of("U8", odd)}, {"z", view_of("F32", floats)}}, {{"k", "välue"}});
  const SafetensorsFile file(folder / "a.safetensors");
  EXPECT_EQ(file.at("z").shape, (std::vector<int64_t>{2}));
  EXPECT_EQ(std::memcmp(file.at("z").bytes.data(), floats.data(), 8), 0);
  EXPECT_EQ(std::memcmp(file.at("odd").bytes.data(), odd.data(), 3), 0);
  EXPECT_EQ(file.metadata().at("k"), "välue");
}

TEST(Safetensors, EqualTensorsGiveEqualBytes) {
  const TempDir folder;
  const std::vector<float> floats{1, 2};
  for (const char* name : {"a.safetensors", "b.safetensors"})
    write_safetensors(folder / name,
                      {{"y", view_of("F32", floats)}, {"x", view_of("F32", floats)}});
  const std::string bytes = read_file(folder / "a.safetensors");
  EXPECT_EQ(bytes, read_file(folder / "b.safetensors"));
  EXPECT_LT(bytes.find("\"x\""), bytes.find("\"y\""));
  EXPECT_EQ((bytes.size() - 2 * 8) % 8, 0u);  // the data begins at a multiple of 8
}

TEST(Safetensors, AWriteThatFailsLeavesTheOldFile) {
  const TempDir folder;
  const std::vector<float> floats{1};
  const fs::path path = folder / "a.safetensors";
  write_safetensors(path, {{"x", view_of("F32", floats)}});
  const std::string before = read_file(path);
  EXPECT_ANY_THROW(write_safetensors(path, {{"\xFF", view_of("F32", floats)}}));
  EXPECT_EQ(read_file(path), before);
  EXPECT_THROW(write_safetensors(folder / "none/a.safetensors", {}), Error);
}

}  // namespace mra
