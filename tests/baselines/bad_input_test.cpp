// What methods do with policies, options and pictures that make no sense, or hardly any.
#include <fstream>

#include <gtest/gtest.h>

#include "baselines/catalog.h"
#include "harness/base/error.h"
#include "harness/train/loss.h"
#include "tests/support/temp_dir.h"

namespace mra {
namespace {

Catalog catalog() {
  Catalog made;
  register_methods(made);
  return made;
}

MethodContext context(int size_px) {
  MethodContext made;
  made.input.size_px = size_px;
  return made;
}

ImageTransform image_method(const std::string& name, const Json& options, int size_px = 32) {
  return catalog().image_transforms.make(name, SpecReader(options, "test"), context(size_px));
}

BatchTransform batch_method(const std::string& name, const Json& options, int size_px = 32) {
  return catalog().batch_transforms.make(name, SpecReader(options, "test"), context(size_px));
}

/// The message of making a method with a policy of these sub-policies.
std::string complaint(const std::string& method, const std::string& sub_policies) {
  const TempDir dir;
  const auto path = dir / "policy.json";
  std::ofstream(path) << "{\"sub_policies\": " << sub_policies << "}";
  try {
    image_method(method, {{"policy", path.string()}});
  } catch (const Error& error) {
    return error.what();
  }
  return "was accepted";
}

TEST(BadPolicy, IsRefusedBeforeTrainingAndNamedByItsPlace) {
  for (const char* method : {"autoaugment", "fast_autoaugment", "dada"}) {
    const auto expect = [&](const char* sub_policies, const char* word) {
      const std::string message = complaint(method, sub_policies);
      EXPECT_NE(message.find(word), std::string::npos) << method << sub_policies << message;
    };
    expect("[]", "sub_policies");
    expect("[[]]", "/sub_policies/0");
    expect("[3]", "/sub_policies/0");
    expect(R"([[["Rotate", 0.5, 0.5], ["Rotaet", 0.5, 0.5]]])", "/sub_policies/0/1");
    expect(R"([[["Rotate", 1.5, 0.5]]])", "/sub_policies/0/0");
    expect(R"([[["Rotate", -0.1, 0.5]]])", "/sub_policies/0/0");
    expect(R"([[["Rotate", 0.5, 11]]])", "level");
    expect(R"([[["Rotate", 0.5, -1]]])", "level");
    expect(R"([[["Rotate", "0.5", 1]]])", "/sub_policies/0/0");
    expect(R"([[["Rotate", 0.5]]])", "/sub_policies/0/0");
    expect(R"([[[["Rotate", 0.5, 0.5], ["Invert", 0.5, 0.5]]]])", "several");
  }
}

TEST(BadOption, IsRefusedByName) {
  const auto expect = [](const std::string& key, auto make) {
    try {
      make();
      ADD_FAILURE() << key << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, ErrorKind::kUsage);
      EXPECT_NE(std::string(error.what()).find("/" + key), std::string::npos) << error.what();
    }
  };
  expect("alpha", [] { batch_method("mixup", {{"alpha", 0}}); });
  expect("alpha", [] { batch_method("mixup", {{"alpha", -1}}); });
  expect("beta", [] { batch_method("cutmix", {{"beta", 0}}); });
  expect("prob", [] { batch_method("cutmix", {{"prob", 1.5}}); });
  expect("beta", [] { batch_method("saliencymix", {{"beta", -2}}); });
  expect("size_frac", [] { batch_method("cutout", {{"size_frac", -0.5}}); });
  expect("n", [] { image_method("randaugment", {{"n", -1}}); });
  expect("m", [] { image_method("randaugment", {{"m", 31}}); });
  expect("impl", [] { image_method("autoaugment", {{"impl", "papre"}}); });
  expect("position", [] { image_method("dada", {{"position", "beforecrop"}}); });
}

TEST(TinyPictures, AreChangedWithoutHarm) {
  for (const char* name :
       {"autoaugment", "fast_autoaugment", "faster_autoaugment", "randaugment", "dada"}) {
    for (const auto& [height, width] : {std::pair{1, 1}, {1, 9}, {9, 1}, {2, 3}}) {
      const auto method = image_method(name, Json::object(), 1);
      for (uint64_t i = 0; i < 300; ++i) {
        Image image;
        image.resize(height, width);
        std::fill(image.rgb.begin(), image.rgb.end(), uint8_t(i));
        Rng rng({.seed = 3, .index = i, .purpose = Purpose::kImage});
        method(image, rng);
        EXPECT_EQ(image.height_px, height) << name;
        EXPECT_EQ(image.width_px, width) << name;
      }
    }
  }
}

TEST(TinyBatches, OfOnePictureKeepTheirTarget) {
  for (const char* name : {"cutout", "mixup", "cutmix", "saliencymix"}) {
    for (const int64_t size_px : {1, 2, 5}) {
      const auto method = batch_method(name, Json::object(), int(size_px));
      for (uint64_t i = 0; i < 50; ++i) {
        Batch batch;
        batch.images = torch::ones({1, 3, size_px, size_px});
        batch.targets = one_hot_targets(torch::zeros({1}, torch::kInt64), 2);
        Rng rng({.seed = 3, .index = i, .purpose = Purpose::kBatch});
        const Batch made = method(batch, rng);
        EXPECT_TRUE(torch::allclose(made.targets, batch.targets)) << name;
        if (std::string(name) != "cutout") {
          EXPECT_TRUE(torch::allclose(made.images, batch.images)) << name;
        }
      }
    }
  }
}

}  // namespace
}  // namespace mra
