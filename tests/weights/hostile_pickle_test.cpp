#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/weights/weight_file.h"
#include "tests/support/confined.h"
#include "tests/support/temp_dir.h"

namespace mra {

namespace {

using namespace std::string_literals;

const std::string kStart =
    "\x80\2\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."s  // magic
    "\x80\2M\xe9\3."s                                           // 1001
    "\x80\2}U\x0dlittle_endian\x88s."s;
const std::string kNoStorages = "\x80\2]."s;

std::string repeated(const std::string& text, size_t times) {
  std::string all;
  for (size_t i = 0; i < times; ++i) all += text;
  return all;
}

/// How reading a legacy file of this object ends, within 100 MiB and a second.
Confined read(const std::string& object, const std::string& storages = kNoStorages) {
  const TempDir folder;
  const auto path = folder / "hostile.pth";
  write_file_atomically(path, kStart + "\x80\2"s + object + "." + storages);
  const Confined result = confined(
      [&] {
        const WeightFile file(path);
        for (const WeightTensor& tensor : file.tensors()) file.bytes(tensor);
      },
      100 << 20, /*time_s=*/2);
  EXPECT_LT(result.seconds, 1 * kSlowdown);
  return result;
}

/// A tensor of six floats, its sizes and strides given.
std::string tensor(const std::string& sizes, const std::string& strides) {
  return "ctorch._utils\n_rebuild_tensor\n((U\7storagectorch\nFloatStorage\nU\1"s +
         "0U\3cpuK\6NtQK\0"s + sizes + strides + "tR";
}
const std::string kSixFloats = "\x80\2]U\1"s + "0a.\6\0\0\0\0\0\0\0"s + std::string(24, '\1');

}  // namespace

TEST(HostilePickle, TheFileThatTheOthersAreMadeFromIsGood) {
  const Confined good = read("}U\1w"s + tensor("K\2K\3\x86", "K\3K\1\x86") + "s", kSixFloats);
  EXPECT_EQ(good.end, Confined::End::kDone) << good.message;
}

TEST(HostilePickle, BytesThatBelongToNoStorageAreRefused) {
  const std::string good = "}U\1w"s + tensor("K\2K\3\x86", "K\3K\1\x86") + "s";
  EXPECT_EQ(read(good, kSixFloats + "x").end, Confined::End::kRefused);
}

TEST(HostilePickle, MillionsOfContainersAreRefused) {
  EXPECT_EQ(read(repeated("]0", 4'000'000) + "N").end, Confined::End::kRefused);
  EXPECT_EQ(read(repeated("]", 8'000'000)).end, Confined::End::kRefused);
}

TEST(HostilePickle, AStackOfMillionsIsRefused) {
  EXPECT_EQ(read("Nq\0"s + repeated("h\0"s, 4'000'000)).end, Confined::End::kRefused);
  EXPECT_EQ(read(repeated("(", 8'000'000)).end, Confined::End::kRefused);
}

TEST(HostilePickle, CopiesOfAGrowingDictionaryAreRefused) {
  const std::string grown = "}q\0("s + repeated("NN", 100'000) + "u0";
  const std::string copy = "ccollections\nOrderedDict\nh\0\x85R0"s;
  EXPECT_EQ(read(grown + repeated(copy, 50'000) + "N").end, Confined::End::kRefused);
}

TEST(HostilePickle, AnObjectThatIsItsOwnStateIsRefused) {
  EXPECT_EQ(read("cargparse\nNamespace\n)\x81q\0h\0b"s).end, Confined::End::kRefused);
}

TEST(HostilePickle, AParameterThatWrapsItselfIsRefused) {
  const std::string itself = "ctorch.nn.parameter\nParameter\n)Rq\0(h\0NNNNtb"s;
  EXPECT_EQ(read("}U\1w"s + itself + "s").end, Confined::End::kRefused);
}

TEST(HostilePickle, AFewValuesRepeatedToAGiantAreRefused) {
  const std::string giant = tensor("J\0\0\0\x10J\0\0\0\x10\x86"s, "K\0K\0\x86"s);
  EXPECT_EQ(read("}U\1w"s + giant + "s", kSixFloats).end, Confined::End::kRefused);
}

TEST(HostilePickle, ATensorUnderOneNameTwiceIsRefused) {
  const std::string one = tensor("K\2\x85", "K\1\x85");
  const Confined twice = read("}(U\1"s + "5" + one + "K\5" + one + "u", kSixFloats);
  EXPECT_EQ(twice.end, Confined::End::kRefused);
  EXPECT_NE(twice.message.find("two tensors named '5'"), std::string::npos) << twice.message;
}

}  // namespace mra
