#include "harness/worker/masks_command.h"

#include <fstream>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/model/mae.h"
#include "harness/model/state_dict.h"
#include "harness/tasks/trained_classifier.h"
#include "harness/worker/given_files.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

namespace fs = std::filesystem;

/// Weight files as runs leave them, of small untrained networks, and a picture.
class Masks : public testing::Test {
 protected:
  Masks() {
    torch::manual_seed(6);
    const Json mae = {{"name", "mae"},    {"image_px", 16},     {"patch_px", 4},
                      {"dim", 8},         {"depth", 1},         {"heads", 2},
                      {"decoder_dim", 8}, {"decoder_depth", 1}, {"decoder_heads", 2}};
    MaskedAutoencoder augmentor(read_mae_options(SpecReader(mae, "test")));
    request_.augmentor = folder_ / "augmentor.safetensors";
    write_weights(request_.augmentor, state_dict(*augmentor),
                  {{"model", mae.dump()}, {"hidden_frac", "0.5"}});
    const Json resnet = {{"name", "resnet18"}, {"width", 4}, {"blocks", {1}}, {"stem", "conv3_s1"}};
    request_.classifier = folder_ / "classifier.safetensors";
    classifier_ = make_classifier(SpecReader(resnet, "test"), 7);
    write_weights(request_.classifier, state_dict(*classifier_), {{"model", resnet.dump()}});
    request_.images = {folder_ / "one.ppm"};
    std::ofstream(request_.images[0]) << "P6\n20 16\n255\n" << std::string(20 * 16 * 3, 'k');
    request_.output = folder_ / "masks.png";
  }

  std::string refusal(ErrorKind kind) {
    try {
      draw_masks(request_);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, kind) << error.what();
      EXPECT_FALSE(fs::exists(request_.output));
      return error.what();
    }
    ADD_FAILURE() << "it was drawn";
    return "";
  }

  TempDir folder_;
  MasksRequest request_;
  Classifier classifier_;
};

TEST_F(Masks, OfAPictureOfAnySizeAreOnePngThatTheSeedDecides) {
  EXPECT_EQ(draw_masks(request_), 0);
  const std::string first = read_file(request_.output);
  EXPECT_EQ(first.substr(1, 3), "PNG");
  draw_masks(request_);
  EXPECT_EQ(read_file(request_.output), first);
  request_.seed = 1;
  draw_masks(request_);
  EXPECT_NE(read_file(request_.output), first);
}

TEST_F(Masks, AClassifierFileTellsItsNetworkAndItsClasses) {
  const Classifier loaded = load_classifier(request_.classifier);
  EXPECT_FALSE(loaded->is_training());
  const auto images = torch::randn({2, 3, 16, 16});
  classifier_->eval();
  EXPECT_TRUE(loaded->forward(images).equal(classifier_->forward(images)));
  EXPECT_EQ(loaded->forward(images).size(1), 7);
}

TEST_F(Masks, WeightsOfTheOtherKindAreRefused) {
  const MasksRequest given = request_;
  request_.classifier = given.augmentor;
  EXPECT_NE(refusal(ErrorKind::kUsage).find("fc.weight"), std::string::npos);
  request_ = given;
  request_.augmentor = given.classifier;
  EXPECT_NE(refusal(ErrorKind::kUsage).find("not a masked autoencoder"), std::string::npos);
}

TEST_F(Masks, WeightsThatDoNotSayTheirModelAreRefused) {
  write_weights(request_.classifier, state_dict(*classifier_));
  EXPECT_NE(refusal(ErrorKind::kIntegrity).find("\"model\""), std::string::npos);
  write_weights(request_.classifier, state_dict(*classifier_), {{"model", "{"}});
  EXPECT_NE(refusal(ErrorKind::kIntegrity).find("\"model\""), std::string::npos);
}

TEST_F(Masks, WeightsThatAreNotFiniteAreRefused) {
  StateDict broken = state_dict(*classifier_);
  broken["fc.bias"] = torch::full({7}, NAN);
  const std::string model =
      R"({"name": "resnet18", "width": 4, "blocks": [1], "stem": "conv3_s1"})";
  write_weights(request_.classifier, broken, {{"model", model}});
  EXPECT_NE(refusal(ErrorKind::kIntegrity).find("fc.bias"), std::string::npos);
}

}  // namespace
}  // namespace mra
