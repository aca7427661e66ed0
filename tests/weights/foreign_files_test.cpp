// Files that PyTorch wrote and reads; make_foreign.py made them and their list.
#include <fstream>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/hash.h"
#include "harness/weights/convert.h"
#include "harness/weights/safetensors.h"
#include "harness/weights/weight_file.h"
#include "tests/support/temp_dir.h"

namespace mra {

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

const fs::path kForeign = fs::path(HARNESS_SOURCE_DIR) / "tests/weights/foreign";

std::string sha256_of(const WeightFile& file, const WeightTensor& tensor) {
  const WeightBytes bytes = file.bytes(tensor);
  const std::string_view text(reinterpret_cast<const char*>(bytes.bytes.data()),
                              bytes.bytes.size());
  std::string copy(tensor.size_bytes(), '\0');
  file.copy_to(tensor, copy.data());
  EXPECT_TRUE(copy == text) << tensor.name();
  return sha256(text);
}

Json described(const WeightFile& file) {
  Json tensors = Json::object(), skipped = Json::array();
  for (const WeightTensor& tensor : file.tensors())
    tensors[tensor.name()] = {
        {"dtype", tensor.dtype}, {"shape", tensor.shape}, {"sha256", sha256_of(file, tensor)}};
  for (const SkippedTensor& tensor : file.skipped()) skipped.push_back(tensor.name());
  std::sort(skipped.begin(), skipped.end());
  return {{"tensors", tensors}, {"skipped", skipped}};
}

std::string refusal(const fs::path& path) {
  try {
    WeightFile file(path);
    for (const WeightTensor& tensor : file.tensors()) file.bytes(tensor);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kIntegrity);
    return error.what();
  }
  return "";
}

std::string refusal_of(const std::string& bytes) {
  const TempDir folder;
  write_file_atomically(folder / "a.pth", bytes);
  return refusal(folder / "a.pth");
}

/// A safetensors file of this header and zeros.
fs::path safetensors_of(const TempDir& folder, const std::string& header, size_t data_bytes) {
  const uint64_t length = header.size();
  std::ofstream file(folder / "a.safetensors", std::ios::binary);
  file.write(reinterpret_cast<const char*>(&length), sizeof length);
  file << header << std::string(data_bytes, '\0');
  return folder / "a.safetensors";
}

}  // namespace

TEST(ForeignFiles, EachHoldsWhatPyTorchReadsInIt) {
  const Json list = Json::parse(read_file(kForeign / "expected.json"));
  size_t files = 0;
  for (const auto& [name, expected] : list.items()) {
    SCOPED_TRACE(name);
    ++files;
    const WeightFile file(kForeign / name);
    const Json found = described(file);
    EXPECT_EQ(found["tensors"], expected["tensors"]);
    EXPECT_EQ(found["skipped"], expected["skipped"]);
    const Json place = expected["place"];
    EXPECT_EQ(find_state_dict(file).prefix, place.is_null() ? "" : place.get<std::string>());
  }
  EXPECT_GT(files, 40u);
}

TEST(ForeignFiles, WhatIsNotReadIsNamedWhenItIsAskedFor) {
  const WeightFile file(kForeign / "not_read.pth");
  try {
    file.at("coo");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.what_happened, "tensor 'coo' is sparse, and not read");
  }
}

TEST(ForeignFiles, OtherEntriesAreListedAndCanBeChosen) {
  const WeightFile file(kForeign / "state_dict_ema.pth");
  EXPECT_EQ(find_state_dict(file).others, std::vector<std::string>{"state_dict_ema"});
  const StateDictPlace ema = find_state_dict(file, "state_dict_ema");
  EXPECT_EQ(ema.prefix, "state_dict_ema.module.");
  EXPECT_EQ(ema.others, std::vector<std::string>{"state_dict"});
  EXPECT_TRUE(tensors_below(file, ema.prefix).contains("0.weight"));
  try {
    find_state_dict(file, "ema");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kUsage);
    EXPECT_EQ(error.cure, "name one of: state_dict, state_dict_ema");
  }
  const WeightFile own(kForeign / "own_names.pth");
  EXPECT_EQ(find_state_dict(own).others, (std::vector<std::string>{"generator", "discriminator"}));
}

TEST(ForeignFiles, ConvertKeepsEveryTypeThatSafetensorsHas) {
  const TempDir folder;
  const Converted converted = convert_weights(kForeign / "types.pth", folder / "types.safetensors");
  EXPECT_EQ(converted.left_out, (std::vector<std::string>{"complex128 (C128)", "complex32 (C32)"}));
  const WeightFile from(kForeign / "types.pth"), to(folder / "types.safetensors");
  EXPECT_EQ(to.tensors().size() + 2, from.tensors().size());
  for (const WeightTensor& tensor : to.tensors())
    EXPECT_EQ(sha256_of(to, tensor), sha256_of(from, from.at(tensor.name()))) << tensor.name();
}

TEST(ForeignFiles, ANameThatIsNotUtf8DoesNotKeepAFileFromBeingConverted) {
  const TempDir folder;
  fs::copy_file(kForeign / "net.pth", folder / "caf\xE9.pth");
  convert_weights(folder / "caf\xE9.pth", folder / "out\xE9.safetensors");
  EXPECT_EQ(WeightFile(folder / "out\xE9.safetensors").metadata().at("source"),
            "caf\xEF\xBF\xBD.pth");
}

TEST(ForeignFiles, WhatCannotBeReadIsRefusedForWhatItIs) {
  const std::string start = "\x80\2\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
  std::string protocol_4 = start.substr(2);
  protocol_4.insert(0, std::string("\x80\4\x95\x0d\0\0\0\0\0\0\0", 11));
  for (const auto& [bytes, words] : std::map<std::string, std::string>{
           {protocol_4, "is a pickle of protocol 4; those up to 3 are read"},
           {"\x89HDF\r\n\x1a\n....", "is an HDF5 file"},
           {"\x93NUMPY....", "is a NumPy array"},
           {"\x1f\x8b....", "is compressed by gzip"},
           {"\x80\4....", "is a pickle that torch.save did not write"}}) {
    const std::string message = refusal_of(bytes);
    EXPECT_NE(message.find(words), std::string::npos) << message;
    EXPECT_EQ(message.find("damaged"), std::string::npos) << message;
    EXPECT_EQ(message.find("attack"), std::string::npos) << message;
  }
}

TEST(ForeignFiles, AnObjectOfAnotherClassIsNamed) {
  using namespace std::string_literals;
  const std::string message =
      refusal_of("\x80\2\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\2M\xe9\3."s +
                 "\x80\2}U\x0dlittle_endian\x88s.\x80\2cmodels.resnet\nResNet\n)R.\x80\2]."s);
  EXPECT_NE(message.find("class or function models.resnet.ResNet"), std::string::npos) << message;
  EXPECT_NE(message.find("model.state_dict()"), std::string::npos) << message;
  EXPECT_EQ(message.find("damaged"), std::string::npos) << message;
}

TEST(ForeignSafetensors, TypesMetadataAndFieldsOfOthersAreTaken) {
  const TempDir folder;
  const WeightFile file(safetensors_of(
      folder,
      R"({"__metadata__":null,"c":{"dtype":"C64","shape":[1],"data_offsets":[0,8],"note":[{}]},)"
      R"("f":{"dtype":"F8_E8M0","shape":[4],"data_offsets":[8,12]},)"
      R"("h":{"dtype":"F4","shape":[3,2],"data_offsets":[12,15]},)"
      R"("s":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[15,18]},)"
      R"("u":{"dtype":"U64","shape":[],"data_offsets":[18,26]}})",
      26));
  EXPECT_TRUE(file.metadata().empty());
  ASSERT_EQ(file.tensors().size(), 3u);
  EXPECT_EQ(file.at("c").dtype, "C64");
  EXPECT_EQ(file.at("u").size_bytes(), 8u);
  ASSERT_EQ(file.skipped().size(), 2u);
  EXPECT_EQ(file.skipped()[0].name(), "h");
  EXPECT_EQ(file.skipped()[0].kind, "F4");
}

TEST(ForeignSafetensors, BitsThatDoNotFillTheLastByteAreRefused) {
  const TempDir folder;
  EXPECT_NE(refusal(safetensors_of(folder,
                                   R"({"h":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}})", 1)),
            "");
}

}  // namespace mra
