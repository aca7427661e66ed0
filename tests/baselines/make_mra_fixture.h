#pragma once

#include <gtest/gtest.h>

#include "baselines/catalog.h"
#include "harness/base/error.h"
#include "harness/model/mae.h"
#include "harness/model/state_dict.h"
#include "tests/support/temp_dir.h"

namespace mra {

inline constexpr int64_t kPatches = 16;

inline const Json kSizes = {{"name", "mae"},    {"image_px", 16},     {"patch_px", 4},
                            {"dim", 16},        {"depth", 2},         {"heads", 2},
                            {"decoder_dim", 8}, {"decoder_depth", 1}, {"decoder_heads", 2},
                            {"mlp_ratio", 4.0}};

/// A catalogue, weights of an augmentor in a file and what a task would say about pictures.
class MakeMra : public testing::Test {
 protected:
  MakeMra() {
    at::set_num_threads(1);  // tiny tensors: threads would only wait for each other
    register_methods(catalog_);
    context_.input.size_px = 16;
    context_.weights_of = [this](const std::string& value) {
      return value == "run:abc" ? folder_ / "mae.safetensors" : std::filesystem::path(value);
    };
    write(kSizes, {{"model", kSizes.dump()}, {"hidden_frac", "0.4"}});
  }

  void write(const Json& sizes, const std::map<std::string, std::string>& metadata) {
    torch::manual_seed(5);
    const MaskedAutoencoder mae(read_mae_options(SpecReader(sizes, "sizes")));
    write_weights(folder_ / "mae.safetensors", state_dict(*mae), metadata);
  }

  BatchTransform make(Json options = Json::object()) {
    options.emplace("weights", "run:abc");
    return catalog_.batch_transforms.make("mra", SpecReader(options, "t.json", "/mra"), context_);
  }

  Error refusal(const Json& options = Json::object()) {
    try {
      make(options);
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << options << " was accepted";
    return Error(ErrorKind::kFailure, "", "", "");
  }

  static Batch batch(int64_t pictures = 4) {
    torch::manual_seed(6);
    Batch batch;
    batch.images = torch::randn({8, 3, 16, 16}).narrow(0, 0, pictures);
    batch.targets = torch::rand({pictures, 5});
    batch.indices = torch::arange(pictures);
    return batch;
  }

  static Rng rng(uint64_t seed = 1) { return Rng({.seed = seed, .purpose = Purpose::kBatch}); }

  static Batch apply(const BatchTransform& transform, uint64_t seed = 1, int64_t pictures = 4) {
    Rng random = rng(seed);
    return transform(batch(pictures), random);
  }

  /// Patches of each picture that the transform changed.
  static torch::Tensor changed_patches(const torch::Tensor& output) {
    const auto changed = output.ne(batch(output.size(0)).images).any(1);  // [N,16,16]
    return changed.view({-1, 4, 4, 4, 4}).any(4).any(2).flatten(1).sum(1);
  }

  TempDir folder_;
  Catalog catalog_;
  MethodContext context_;
};

}  // namespace mra
