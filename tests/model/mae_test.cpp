#include "harness/model/mae.h"

#include <cmath>

#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/model/state_dict.h"

namespace mra {

/// 16 patches of 4 px.
static MaeOptions tiny_options() {
  return {.image_px = 16,
          .patch_px = 4,
          .dim = 16,
          .depth = 2,
          .heads = 2,
          .decoder_dim = 8,
          .decoder_depth = 1,
          .decoder_heads = 2};
}

static MaskedAutoencoder tiny_mae(uint64_t seed = 1) {
  torch::manual_seed(seed);
  return MaskedAutoencoder(tiny_options());
}

static int64_t trainable_values(const torch::nn::Module& module) {
  int64_t count = 0;
  for (const auto& parameter : module.parameters())
    if (parameter.requires_grad()) count += parameter.numel();
  return count;
}

TEST(MaskedAutoencoder, HasAsManyParametersAsThePaperPrints) {
  const MaskedAutoencoder mini(MaeOptions{.dim = 480,
                                          .depth = 4,
                                          .heads = 12,
                                          .decoder_dim = 384,
                                          .decoder_depth = 2,
                                          .decoder_heads = 16});
  EXPECT_EQ(trainable_values(*mini), 15'485'184);
  EXPECT_EQ(trainable_values(*MaskedAutoencoder(MaeOptions{})), 111'655'680);  // Base
  MaeOptions large;
  large.dim = 1024;
  large.depth = 24;
  large.heads = 16;
  EXPECT_EQ(trainable_values(*MaskedAutoencoder(large)), 329'239'296);
}

TEST(MaskedAutoencoder, NamesItsParametersAsTheAuthorsDo) {
  const auto mae = tiny_mae();
  std::set<std::string> expected = {"cls_token",
                                    "mask_token",
                                    "pos_embed",
                                    "decoder_pos_embed",
                                    "patch_embed.proj.weight",
                                    "patch_embed.proj.bias"};
  const auto add = [&](const std::string& layer) {
    expected.insert({layer + ".weight", layer + ".bias"});
  };
  for (const auto* layer : {"norm", "decoder_embed", "decoder_norm", "decoder_pred"}) add(layer);
  for (const std::string block : {"blocks.0", "blocks.1", "decoder_blocks.0"})
    for (const auto* layer :
         {".norm1", ".attn.qkv", ".attn.proj", ".norm2", ".mlp.fc1", ".mlp.fc2"})
      add(block + layer);
  std::set<std::string> names;
  for (const auto& [name, tensor] : state_dict(*mae)) names.insert(name);
  EXPECT_EQ(names, expected);
}

/// Xavier's uniform distribution reaches nearly to its bound, and no further.
static void expect_xavier(const torch::Tensor& weight, const std::string& name) {
  const auto matrix = weight.flatten(1);
  const double bound = std::sqrt(6.0 / double(matrix.size(0) + matrix.size(1)));
  const double largest = matrix.abs().max().item<double>();
  EXPECT_LE(largest, bound) << name;
  EXPECT_GT(largest, 0.9 * bound) << name;
}

TEST(MaskedAutoencoder, StartsFromTheAuthorsDistributions) {
  const auto weights = state_dict(*tiny_mae());
  for (const auto& [name, tensor] : weights) {
    const bool layer_norm = name.find("norm") != std::string::npos;
    if (layer_norm) {
      EXPECT_TRUE(tensor.eq(name.ends_with("weight") ? 1 : 0).all().item<bool>()) << name;
    } else if (name.ends_with("weight")) {
      expect_xavier(tensor, name);
    } else if (name.ends_with("bias") && name != "patch_embed.proj.bias") {
      EXPECT_TRUE(tensor.eq(0).all().item<bool>()) << name;
    }
  }
  const double largest = weights.at("patch_embed.proj.bias").abs().max().item<double>();
  EXPECT_LE(largest, 1 / std::sqrt(3.0 * 4 * 4));
  EXPECT_GT(largest, 0.5 / std::sqrt(3.0 * 4 * 4)) << "its bias keeps the default of convolutions";
}

TEST(MaskedAutoencoder, TokensStartWithAStandardDeviationOfATwentieth) {
  auto options = tiny_options();
  options.dim = options.decoder_dim = 4096;
  options.mlp_ratio = 0.1;
  options.depth = 1;
  torch::manual_seed(1);
  const MaskedAutoencoder mae(options);
  const auto weights = state_dict(*mae);
  for (const auto* name : {"cls_token", "mask_token"}) {
    EXPECT_NEAR(weights.at(name).std().item<double>(), 0.02, 0.001) << name;
    EXPECT_GT(weights.at(name).abs().max().item<double>(), 0.05) << name << " is not truncated";
  }
}

TEST(MaskedAutoencoder, TrainsEverythingButThePositionTables) {
  auto mae = tiny_mae();
  mae->forward(torch::randn({2, 3, 16, 16}), torch::rand({2, 16}), 0.4).loss.backward();
  for (const auto& [name, tensor] : state_dict(*mae)) {
    const bool table = name.ends_with("pos_embed");
    EXPECT_EQ(tensor.requires_grad(), !table) << name;
    EXPECT_EQ(tensor.grad().defined(), !table) << name;
  }
}

TEST(MaskedAutoencoder, EqualSeedsStartFromEqualWeights) {
  const auto one = state_dict(*tiny_mae(1)), same = state_dict(*tiny_mae(1));
  const auto other = state_dict(*tiny_mae(2));
  for (const auto& [name, tensor] : one) EXPECT_TRUE(tensor.equal(same.at(name))) << name;
  EXPECT_FALSE(one.at("cls_token").equal(other.at("cls_token")));
}

TEST(Positions, PutTheColumnBeforeTheRow) {
  const auto table = sincos_positions(480, 14);
  ASSERT_EQ(table.sizes(), (std::vector<int64_t>{197, 480}));
  EXPECT_TRUE(table[0].eq(0).all().item<bool>()) << "the class token has no position";
  const std::map<int64_t, double> row1_column2 = {
      {0, 0.90929741},   {1, 0.96065617},   {119, 2.1595503e-4}, {120, -0.41614684}, {239, 1.0},
      {240, 0.84147096}, {241, 0.79929358}, {360, 0.54030228},   {479, 1.0}};
  for (const auto& [channel, value] : row1_column2)
    EXPECT_NEAR(table[1 + 14 + 2][channel].item<double>(), value, 1e-7) << channel;
}

TEST(Patches, AreNumberedRowByRowWithTheChannelFastest) {
  const auto mae = tiny_mae();
  const auto images = torch::arange(2 * 3 * 16 * 16, torch::kFloat32).view({2, 3, 16, 16});
  const auto patches = mae->patchify(images);
  const int64_t patch = 1 * 4 + 2, row_px = 3, column_px = 1, channel = 2;
  EXPECT_EQ(patches[1][patch][(row_px * 4 + column_px) * 3 + channel].item<float>(),
            images[1][channel][4 + row_px][2 * 4 + column_px].item<float>());
  EXPECT_TRUE(mae->unpatchify(patches).equal(images));
}

TEST(KeptCount, IsCutTowardsZero) {
  const std::map<double, int64_t> of_196 = {{0, 196},  {0.2, 156}, {0.3, 137}, {0.4, 117},
                                            {0.5, 98}, {0.6, 78},  {0.7, 58},  {0.75, 49},
                                            {0.8, 39}, {1, 0}};
  for (const auto& [hidden_frac, kept] : of_196) EXPECT_EQ(kept_count(196, hidden_frac), kept);
  EXPECT_EQ(kept_count(64, 0.4), 38);
}

TEST(Forward, HidesThePatchesOfTheLargestNoise) {
  auto mae = tiny_mae();
  const auto noise = torch::rand({3, 16});
  const auto result = mae->forward(torch::randn({3, 3, 16, 16}), noise, 0.4);
  const auto largest_kept = std::get<0>(noise.sort(1)).narrow(1, 8, 1);
  EXPECT_TRUE(result.hidden.equal(noise.gt(largest_kept).to(torch::kFloat32)));
  EXPECT_EQ(result.latent.sizes(), (std::vector<int64_t>{3, 1 + 9, 16}));
}

TEST(Forward, SeesNothingOfHiddenPatches) {
  auto mae = tiny_mae();
  const auto images = torch::randn({2, 3, 16, 16}), noise = torch::rand({2, 16});
  const auto before = mae->forward(images, noise, 0.4);
  const auto noisy = mae->patchify(images) + before.hidden.unsqueeze(2);
  const auto after = mae->forward(mae->unpatchify(noisy), noise, 0.4);
  EXPECT_TRUE(after.pred.equal(before.pred));
  EXPECT_NE(after.loss.item<float>(), before.loss.item<float>());
}

TEST(Forward, LossIsTheMeanSquareOverHiddenPatchesOnly) {
  auto mae = tiny_mae();
  const auto images = torch::randn({2, 3, 16, 16});
  const auto result = mae->forward(images, torch::rand({2, 16}), 0.4);
  const auto errors = (result.pred - mae->patchify(images)).square();
  const auto of_hidden = errors.index({result.hidden.to(torch::kBool)});
  EXPECT_NEAR(result.loss.item<double>(), of_hidden.mean().item<double>(), 1e-5);
}

TEST(Loss, IsThatOfTheWholePassWithItsGradients) {
  for (const bool norm_pix : {false, true}) {
    auto options = tiny_options();
    options.norm_pix = norm_pix;
    options.decoder_depth = 2;
    torch::manual_seed(1);
    MaskedAutoencoder whole(options), fast(options);
    assign_weights(*fast, state_dict(*whole), "copy");
    const auto images = torch::randn({3, 3, 16, 16}), noise = torch::rand({3, 16});
    const auto expected = whole->forward(images, noise, 0.4).loss,
               loss = fast->loss(images, noise, 0.4);
    EXPECT_NEAR(loss.item<double>(), expected.item<double>(), 1e-5);
    expected.backward();
    loss.backward();
    const auto gradients = state_dict(*fast);
    for (const auto& [name, tensor] : state_dict(*whole)) {
      if (!tensor.requires_grad()) continue;
      EXPECT_TRUE(tensor.grad().allclose(gradients.at(name).grad(), 1e-3, 1e-5)) << name;
    }
  }
}

TEST(Encode, GivesEachKeptPatchTheSameWhateverTheirOrder) {
  auto mae = tiny_mae();
  const auto embedded = mae->embed(torch::randn({1, 3, 16, 16}));
  const auto latent = mae->encode(embedded, torch::tensor({{2, 5, 11}}));
  const auto turned = mae->encode(embedded, torch::tensor({{11, 2, 5}}));
  const auto back = turned.index_select(1, torch::tensor({0, 2, 3, 1}));
  EXPECT_TRUE(latent.allclose(back, 1e-4, 1e-5));
  EXPECT_FALSE(latent.allclose(turned, 1e-4, 1e-5));
}

/// The error of reading the tiny sizes with one key changed.
static Error refusal(const std::string& key, const Json& value) {
  Json sizes = {{"name", "mae"},      {"image_px", 16}, {"patch_px", 4},    {"dim", 16},
                {"depth", 2},         {"heads", 2},     {"decoder_dim", 8}, {"decoder_depth", 1},
                {"decoder_heads", 2}, {"mlp_ratio", 4}};
  sizes[key] = value;
  try {
    read_mae_options(SpecReader(sizes, "a.json", "/model"));
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << key << " = " << value << " was accepted";
  return Error(ErrorKind::kFailure, "", "", "");
}

TEST(MaeOptions, RefusesSizesThatDoNotFitNamingTheKey) {
  const std::vector<std::pair<std::string, Json>> bad = {
      {"image_px", 18},    {"patch_px", 3},      {"patch_px", 0},
      {"dim", 18},         {"dim", -4},          {"heads", 3},
      {"heads", 0},        {"depth", 0},         {"depth", 2.5},
      {"decoder_dim", 10}, {"decoder_heads", 5}, {"decoder_depth", 0},
      {"mlp_ratio", 0},    {"norm_pix", "yes"},  {"image_px", 1'000'000},
      {"decoder_dim", "8"}};
  for (const auto& [key, value] : bad) {
    const Error error = refusal(key, value);
    EXPECT_EQ(error.kind, ErrorKind::kUsage);
    const std::string named = key == "image_px" && value == 18 ? "patch_px" : key;
    EXPECT_NE(error.where.find("a.json: /model"), std::string::npos) << error.where;
    EXPECT_NE(std::string(error.what()).find(named), std::string::npos) << error.what();
  }
  EXPECT_NE(std::string(refusal("mpl_ratio", 4).what()).find("mlp_ratio"), std::string::npos);
}

TEST(MaeOptions, ReadsEverySize) {
  const MaeOptions options = read_mae_options(SpecReader(
      {{"name", "mae"}, {"image_px", 64}, {"patch_px", 8}, {"dim", 144}, {"norm_pix", true}},
      "a.json"));
  EXPECT_EQ(options.patches(), 64);
  EXPECT_EQ(options.dim, 144);
  EXPECT_TRUE(options.norm_pix);
  EXPECT_EQ(options.decoder_depth, 8) << "sizes that are not given are those of MAE-Base";
}

}  // namespace mra
