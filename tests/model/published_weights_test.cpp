// The published weights of a CIFAR-10 network classify pictures as their authors say: an end-to-end
// proof of readers and network on something made by others.

#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/model/classifier.h"
#include "harness/model/state_dict.h"
#include "tests/support/shared_folder.h"

namespace mra {

namespace {

constexpr int64_t kPictureBytes = 3072;  // [3,32,32] u8
constexpr int64_t kPictures = 1017;      // whole ones in the file

struct Pictures {
  torch::Tensor images;  // [N,3,32,32] f32, normalised
  torch::Tensor labels;  // [N] i64
};

/// CIFAR-10's own test batch, a Python pickle that was cut off within its pictures: first a list of
/// all labels, a number K and one byte each with marks between, then the pictures as one string.
Pictures read_batch(const std::string& bytes) {
  Pictures pictures{torch::empty({kPictures, 3, 32, 32}), torch::empty({kPictures}, torch::kInt64)};
  size_t at = bytes.find("labels") + 6;
  for (int64_t i = 0; i < kPictures; ++i) {
    at = bytes.find('K', at) + 2;
    pictures.labels[i] = int64_t(bytes.at(at - 1));
  }
  const std::string string_of_all{"T\x00\xc0\xd4\x01", 5};  // 30,720,000 bytes
  const size_t first = bytes.find(string_of_all) + 5;
  const auto values = torch::from_blob(const_cast<char*>(bytes.data()) + first,
                                       {kPictures, kPictureBytes}, torch::kUInt8);
  const auto mean = torch::tensor({0.485f, 0.456f, 0.406f}).view({3, 1, 1});
  const auto std = torch::tensor({0.229f, 0.224f, 0.225f}).view({3, 1, 1});
  pictures.images = (values.view({kPictures, 3, 32, 32}).to(torch::kFloat32) / 255 - mean) / std;
  return pictures;
}

class PublishedWeights : public testing::TestWithParam<const char*> {};

}  // namespace

TEST_P(PublishedWeights, ClassifyAsTheirNoteSays) {
  const auto formats = shared_folder() / "data" / "formats";
  const auto weights = formats / "checkpoints" / "resnet_cifar10" / GetParam();
  const auto batch = formats / "cifar10" / "test_batch.truncated";
  if (!std::filesystem::exists(weights) || !std::filesystem::exists(batch))
    GTEST_SKIP() << "no " << weights << " or no " << batch;
  const Classifier net =
      make_classifier(SpecReader({{"name", "cifar_resnet20"}}, "test.json", "/model"), 10);
  assign_weights(*net, read_weights(weights), weights.string());
  net->eval();
  const Pictures pictures = read_batch(read_file(batch));
  const torch::NoGradGuard no_grad;
  const auto right = net->forward(pictures.images).argmax(1) == pictures.labels;
  EXPECT_EQ(right.sum().item<int64_t>(), 932);  // 91.64 %; published 91.73 % on all 10,000
}

INSTANTIATE_TEST_SUITE_P(Containers, PublishedWeights,
                         testing::Values("resnet20-12fca82f.th", "converted/resnet20.zip.pth",
                                         "converted/resnet20.plain_dict.zip.pth",
                                         "converted/resnet20.safetensors"));

TEST(AssignWeights, CountersThatOldFilesLackBeginAtZero) {
  const auto make = [] {
    return make_classifier(SpecReader({{"name", "cifar_resnet20"}}, "test.json", "/model"), 10);
  };
  const Classifier from = make(), to = make();
  to->forward(torch::zeros({1, 3, 8, 8}));  // counts one batch
  StateDict weights;
  for (const auto& [name, tensor] : state_dict(*from))
    if (!name.ends_with("num_batches_tracked")) weights[name] = tensor;
  assign_weights(*to, weights, "old.pth");
  EXPECT_EQ(state_dict(*to).at("bn1.num_batches_tracked").item<int64_t>(), 0);
}

}  // namespace mra
