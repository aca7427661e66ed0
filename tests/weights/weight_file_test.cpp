#include "harness/weights/weight_file.h"

#include <cstring>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "tests/support/temp_dir.h"

namespace mra {

namespace fs = std::filesystem;

namespace {

fs::path good_file(const std::string& name) {
  return fs::path(HARNESS_SOURCE_DIR) / "tests/golden/downstream/checkpoints" / name;
}

std::string text_of(const WeightBytes& bytes) {
  return {reinterpret_cast<const char*>(bytes.bytes.data()), bytes.bytes.size()};
}

/// All names and values of a file.
std::map<std::string, std::string> values_of(const fs::path& path) {
  const WeightFile file(path);
  std::map<std::string, std::string> values;
  for (const WeightTensor& tensor : file.tensors())
    values[tensor.name()] = text_of(file.bytes(tensor));
  return values;
}

std::string refusal(const fs::path& path) {
  try {
    values_of(path);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::kIntegrity);
    EXPECT_EQ(error.where, path.string());
    EXPECT_FALSE(error.cure.empty());
    return error.what_happened;
  }
  return "";
}

class CutFile : public testing::TestWithParam<const char*> {};

}  // namespace

TEST_P(CutFile, IsRefusedOrWholeWhereverItIsCut) {
  const TempDir folder;
  const fs::path path = folder / GetParam();
  fs::copy_file(good_file(GetParam()), path);
  fs::permissions(path, fs::perms::owner_all);
  const auto whole = values_of(path);
  ASSERT_FALSE(whole.empty());
  const size_t size = fs::file_size(path);
  size_t refused = 0;
  for (size_t left = size; left-- > 0;) {
    fs::resize_file(path, left);
    if (!refusal(path).empty())
      ++refused;
    else
      EXPECT_EQ(values_of(path), whole) << "cut to " << left;
  }
  // Only a tar archive may lose something that means nothing: the padding behind its end.
  const bool tar = std::string(GetParam()).starts_with("tar");
  EXPECT_GE(refused, tar ? size / 2 : size);
}

INSTANTIATE_TEST_SUITE_P(Containers, CutFile,
                         testing::Values("zip_full.pth", "zip_plain.pth", "seq_args.pth",
                                         "seq_python2.pth", "tar_parameter.pth",
                                         "flat.safetensors"));

TEST(WeightFile, KnowsTheContainerByItsFirstBytes) {
  EXPECT_EQ(WeightFile(good_file("zip_full.pth")).container(), "zip");
  EXPECT_EQ(WeightFile(good_file("seq_full.pth")).container(), "legacy");
  EXPECT_EQ(WeightFile(good_file("tar_full.pth")).container(), "tar");
  const TempDir folder;
  fs::copy_file(good_file("flat.safetensors"), folder / "renamed.pth");
  EXPECT_EQ(WeightFile(folder / "renamed.pth").container(), "safetensors");
}

TEST(WeightFile, AFolderOrNothingIsRefusedByName) {
  const TempDir folder;
  EXPECT_EQ(refusal(folder.path()), "is a folder, not a file");
  EXPECT_NE(refusal(folder / "none.pth"), "");
}

TEST(WeightFile, APipeOrDeviceIsRefusedByName) {
  const TempDir folder;
  const fs::path pipe = folder / "a.pth";
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  EXPECT_EQ(refusal(pipe), "is a pipe, not a file");
  EXPECT_EQ(refusal("/dev/zero"), "is a device, not a file");
}

TEST(WeightFile, AContiguousTensorIsNotCopied) {
  const WeightFile file(good_file("zip_full.pth"));
  EXPECT_TRUE(file.bytes(file.at("model.conv.weight")).copy.empty());
  EXPECT_FALSE(file.bytes(file.at("model.strided")).copy.empty());
}

TEST(WeightFile, AnUnknownNameBringsTheNearest) {
  const WeightFile file(good_file("zip_full.pth"));
  try {
    file.at("model.conv.weigth");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.cure, "did you mean 'model.conv.weight'?");
  }
}

TEST(WeightFile, AChangedByteOfAStorageIsFoundWhenItsValuesAreRead) {
  const TempDir folder;
  const fs::path path = folder / "changed.pth";
  std::string bytes = read_file(good_file("zip_full.pth"));
  const std::string weight = values_of(good_file("zip_full.pth")).at("model.conv.weight");
  bytes[bytes.find(weight) + 5] ^= 1;
  write_file_atomically(path, bytes);
  const WeightFile file(path);  // only headers are read
  const WeightTensor& tensor = file.at("model.conv.weight");
  EXPECT_THROW(file.bytes(tensor), Error);
  std::string room(tensor.size_bytes(), '\0');
  EXPECT_THROW(file.copy_to(tensor, room.data()), Error);
  EXPECT_NO_THROW(file.bytes(file.at("model.norm.weight")));
}

TEST(StateDictOf, ANestedOneIsFoundAndTheRestLeftOut) {
  const WeightFile file(good_file("zip_full.pth"));
  EXPECT_EQ(find_state_dict(file).prefix, "model.");
  const auto weights = state_dict_of(file);
  EXPECT_TRUE(weights.contains("conv.weight"));
  for (const auto& [name, tensor] : weights) EXPECT_EQ(tensor->path.front(), "model") << name;
  EXPECT_LT(weights.size(), file.tensors().size());
}

TEST(StateDictOf, ABareOneKeepsItsNames) {
  const WeightFile file(good_file("zip_state_dict.pth"));
  EXPECT_EQ(find_state_dict(file).prefix, "");
  EXPECT_EQ(state_dict_of(file).size(), file.tensors().size());
  EXPECT_TRUE(state_dict_of(file).contains("conv.weight"));
}

TEST(StateDictOf, DotsInTheNamesOfSafetensorsAreNoNesting) {
  const WeightFile file(good_file("flat.safetensors"));
  EXPECT_TRUE(state_dict_of(file).contains("model.conv.weight"));
}

}  // namespace mra
