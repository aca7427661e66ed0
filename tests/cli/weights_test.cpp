#include <span>

#include <gtest/gtest.h>

#include "harness/weights/safetensors.h"
#include "tests/cli/cli_fixture.h"

namespace mra {
namespace {

const std::string kGood = HARNESS_SOURCE_DIR "/tests/golden/downstream/checkpoints/zip_full.pth";

class Weights : public RunCli {};

TEST_F(Weights, InspectNamesContainerAndEveryTensor) {
  const Answer answer = harness({"weights", "inspect", kGood.c_str()});
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_NE(answer.out.find("zip_full.pth: zip, 28 tensors, "), std::string::npos) << answer.out;
  EXPECT_NE(answer.out.find("below 'model.'"), std::string::npos);
  EXPECT_NE(answer.out.find("F32    [4, 3, 3, 3]"), std::string::npos) << answer.out;
}

TEST_F(Weights, InspectAsJsonHashesTheValues) {
  const Json json = harness({"weights", "inspect", kGood.c_str(), "--json"}).json();
  EXPECT_EQ(json["schema_version"], 1);
  EXPECT_EQ(json["container"], "zip");
  ASSERT_EQ(json["tensors"].size(), 28u);
  const Json first = json["tensors"][0];
  EXPECT_EQ(first["name"], "model.conv.weight");
  EXPECT_EQ(first["dtype"], "F32");
  EXPECT_EQ(first["shape"], Json({4, 3, 3, 3}));
  EXPECT_EQ(first["sha256"], "3c176a332c7ca279b111986a5223117652479e1053221a96cf1b2e7a995c027f");
}

TEST_F(Weights, ConvertWritesWhatAModelTakesAndSaysFromWhere) {
  const std::string out = folder_ / "out.safetensors";
  const Answer answer = harness({"weights", "convert", kGood.c_str(), out.c_str()});
  EXPECT_EQ(answer.code, 0) << answer.err;
  EXPECT_NE(answer.out.find("25 tensors"), std::string::npos) << answer.out;
  const SafetensorsFile file(out);
  EXPECT_EQ(file.tensors().size(), 25u);
  EXPECT_EQ(file.at("conv.weight").shape, (std::vector<int64_t>{4, 3, 3, 3}));
  EXPECT_EQ(file.metadata().at("source"), "zip_full.pth");
  EXPECT_EQ(file.metadata().at("source_prefix"), "model.");
}

TEST_F(Weights, ConvertOverwritesNothing) {
  const std::string out = folder_ / "out.safetensors";
  std::ofstream(out) << "mine";
  EXPECT_EQ(harness({"weights", "convert", kGood.c_str(), out.c_str()}).code, 2);
  EXPECT_EQ(std::filesystem::file_size(out), 4u);
  const std::string other = folder_ / "out.pth";
  EXPECT_EQ(harness({"weights", "convert", kGood.c_str(), other.c_str()}).code, 2);
  EXPECT_FALSE(std::filesystem::exists(other));
}

TEST_F(Weights, AFileThatIsRefusedIsAnIntegrityFailure) {
  const std::string folder = folder_.path();
  const Answer answer = harness({"weights", "inspect", folder.c_str()});
  EXPECT_EQ(answer.code, 5);
  EXPECT_NE(answer.err.find(folder + ": is a folder, not a file"), std::string::npos) << answer.err;
}

TEST_F(Weights, AnotherEntryThanTheUsualCanBeConverted) {
  const std::string file = HARNESS_SOURCE_DIR "/tests/weights/foreign/state_dict_ema.pth";
  const Answer seen = harness({"weights", "inspect", file.c_str()});
  EXPECT_NE(seen.out.find("below state_dict_ema, too"), std::string::npos) << seen.out;
  const std::string out = folder_ / "ema.safetensors";
  const Answer answer = harness(
      {"weights", "convert", file.c_str(), out.c_str(), "--entry", "state_dict_ema", "--json"});
  EXPECT_EQ(answer.json()["state_dict"], "state_dict_ema.module.") << answer.err;
  EXPECT_TRUE(SafetensorsFile(out).tensors().contains("0.weight"));
}

TEST_F(Weights, WhatIsNotReadIsNamed) {
  const std::string file = HARNESS_SOURCE_DIR "/tests/weights/foreign/not_read.pth";
  const Answer seen = harness({"weights", "inspect", file.c_str()});
  EXPECT_NE(seen.out.find("Tensor 'coo' is not read: sparse."), std::string::npos) << seen.out;
  const Json json = harness({"weights", "inspect", file.c_str(), "--json"}).json();
  EXPECT_EQ(json["skipped"].size(), 7u);
}

TEST_F(Weights, JsonIsValidForNamesThatAreNotUtf8) {
  const std::string odd = folder_ / "caf\xE9.pth", out = folder_ / "\xFF.safetensors";
  std::filesystem::copy_file(kGood, odd);
  EXPECT_EQ(harness({"weights", "inspect", odd.c_str(), "--json"}).json()["container"], "zip");
  EXPECT_EQ(harness({"weights", "convert", odd.c_str(), out.c_str(), "--json"}).json()["tensors"],
            25);
  const Json error = harness({"weights", "convert", odd.c_str(), out.c_str(), "--json"}).json();
  EXPECT_EQ(error["error"]["kind"], "usage") << error;
}

TEST_F(Weights, NamesFromAFileReachTheTerminalAsEscapes) {
  const std::string odd = folder_ / "odd.safetensors";
  const std::vector<float> one{1};
  write_safetensors(odd,
                    {{"w\x1b]0;x\x07\x1b[31m\r", {"F32", {1}, std::as_bytes(std::span(one))}}});
  const Answer seen = harness({"weights", "inspect", odd.c_str()});
  EXPECT_NE(seen.out.find("w\\x1b]0;x\\x07\\x1b[31m\\r  F32"), std::string::npos) << seen.out;
  const std::string absent = folder_ / "\x1b[2J.pth";
  const Answer refused = harness({"weights", "inspect", absent.c_str()});
  EXPECT_EQ(refused.err.find('\x1b'), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("\\x1b[2J.pth"), std::string::npos) << refused.err;
}

}  // namespace
}  // namespace mra
