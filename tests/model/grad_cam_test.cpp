#include "harness/model/grad_cam.h"

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/model/state_dict.h"

namespace mra {
namespace {

Classifier small_network(int64_t classes = 4) {
  torch::manual_seed(3);
  return make_classifier(
      SpecReader({{"name", "resnet18"}, {"width", 8}, {"blocks", {1, 1}}, {"stem", "conv3_s2"}},
                 "test"),
      classes);
}

torch::Tensor pictures() {
  torch::manual_seed(4);
  return torch::randn({3, 3, 32, 32});
}

/// Behind the mean over places, the gradient of a class is its row of the last layer's weights.
torch::Tensor cam_by_hand(ClassifierImpl& network, const torch::Tensor& images,
                          const std::vector<int64_t>& labels) {
  const torch::NoGradGuard no_grad;
  network.eval();
  const auto maps = network.features(images);
  const auto rows = state_dict(network).at("fc.weight").index_select(0, torch::tensor(labels));
  const double places = double(maps.size(2) * maps.size(3));
  return ((rows / places).view({rows.size(0), rows.size(1), 1, 1}) * maps).sum(1).relu();
}

TEST(GradCam, WeighsTheLastMapsByTheRowOfTheClass) {
  const Classifier network = small_network();
  const auto expected = cam_by_hand(*network, pictures(), {2, 0, 1});
  const GradCam got = grad_cam(*network, pictures(), torch::tensor({2, 0, 1}, torch::kInt64));
  EXPECT_GT(expected.max().item<float>(), 0);
  EXPECT_TRUE(torch::allclose(got.cam, expected, 1e-4, 1e-6));
}

TEST(GradCam, WithoutALabelThePredictedClassIsLookedFor) {
  const Classifier network = small_network();
  network->eval();
  const auto images = pictures();
  const auto predicted = network->forward(images).argmax(1);
  const GradCam chosen = grad_cam(*network, images);
  EXPECT_TRUE(chosen.cam.equal(grad_cam(*network, images, predicted).cam));
  EXPECT_TRUE(chosen.logits.argmax(1).equal(predicted));
  const auto some =
      torch::tensor({int64_t(-1), (predicted[1].item<int64_t>() + 1) % 4, int64_t(-1)});
  const GradCam mixed = grad_cam(*network, images, some);
  EXPECT_TRUE(mixed.cam[0].equal(chosen.cam[0]));
  EXPECT_FALSE(mixed.cam[1].equal(chosen.cam[1]));
}

TEST(GradCam, TheMapIsOfThePicturesSizeAndReachesFromZeroToOne) {
  const Classifier network = small_network();
  const GradCam got = grad_cam(*network, pictures());
  EXPECT_EQ(got.map.sizes().vec(), (std::vector<int64_t>{3, 32, 32}));
  EXPECT_GE(got.map.min().item<float>(), 0);
  EXPECT_LE(got.map.max().item<float>(), 1);
  EXPECT_GT(got.map.amax({1, 2}).min().item<float>(), 0.7);  // enlarging lowers a peak a little
}

TEST(GradCam, ANetworkKeepsItsModeItsStatisticsAndItsGradients) {
  const Classifier network = small_network();
  network->train();
  StateDict before;
  for (const auto& [name, tensor] : state_dict(*network)) before[name] = tensor.clone();
  {
    const torch::NoGradGuard the_caller_records_none;
    grad_cam(*network, pictures());
  }
  EXPECT_TRUE(network->is_training());
  for (const auto& [name, tensor] : state_dict(*network)) EXPECT_TRUE(tensor.equal(before[name]));
  for (const auto& parameter : network->parameters()) EXPECT_FALSE(parameter.grad().defined());
}

TEST(GradCam, APictureThatTellsNothingGivesAMapOfZeros) {
  const Classifier network = small_network();
  torch::NoGradGuard no_grad;
  state_dict(*network).at("fc.weight").zero_();
  const GradCam got = grad_cam(*network, pictures());
  EXPECT_TRUE(got.map.equal(torch::zeros_like(got.map)));
}

TEST(GradCam, AClassThatIsNotThereIsRefused) {
  const Classifier network = small_network();
  for (const int64_t label : {-2, 4})
    EXPECT_THROW(grad_cam(*network, pictures(), torch::full({3}, label, torch::kInt64)), Error);
  EXPECT_THROW(grad_cam(*network, pictures(), torch::zeros({2}, torch::kInt64)), Error);
}

}  // namespace
}  // namespace mra
