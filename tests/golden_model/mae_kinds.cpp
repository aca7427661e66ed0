// Golden kinds of the masked autoencoder and of MRA.
#include <gtest/gtest.h>

#include "baselines/augment/mra_augment.h"
#include "tests/golden_model/kinds.h"

namespace mra {

MaskedAutoencoder golden_mae(const Json& sizes, bool norm_pix, const Tensors& inputs) {
  MaskedAutoencoder mae(MaeOptions{.image_px = sizes.at("image"),
                                   .patch_px = sizes.at("patch"),
                                   .dim = sizes.at("dim"),
                                   .depth = sizes.at("depth"),
                                   .heads = sizes.at("heads"),
                                   .decoder_dim = sizes.at("decoder_dim"),
                                   .decoder_depth = sizes.at("decoder_depth"),
                                   .decoder_heads = sizes.at("decoder_heads"),
                                   .mlp_ratio = sizes.at("mlp_ratio"),
                                   .norm_pix = norm_pix});
  assign_weights(*mae, with_prefix(inputs, "weights/"), "golden case");
  return mae;
}

namespace {

Tensors positions_case(const Json& options, const Tensors&) {
  const auto table = sincos_positions(options.at("dim"), options.at("grid"));
  return {{"table",
           table.index_select(0, torch::tensor(options.at("rows").get<std::vector<int64_t>>()))}};
}

Tensors patchify_case(const Json& options, const Tensors& inputs) {
  MaskedAutoencoder mae(MaeOptions{.image_px = inputs.at("image").size(2),
                                   .patch_px = options.at("patch"),
                                   .dim = 8,
                                   .depth = 1,
                                   .heads = 1,
                                   .decoder_dim = 8,
                                   .decoder_depth = 1,
                                   .decoder_heads = 1});
  const auto patches = mae->patchify(inputs.at("image"));
  EXPECT_TRUE(mae->unpatchify(patches).equal(inputs.at("image")));
  return {{"patches", patches}};
}

Tensors keep_count_case(const Json& options, const Tensors&) {
  const auto patches = options.at("patches").get<std::vector<int64_t>>();
  std::vector<int64_t> kept;
  for (const int64_t count : patches)
    for (const double ratio : options.at("ratios").get<std::vector<double>>())
      kept.push_back(kept_count(count, ratio));
  return {{"kept", torch::tensor(kept).view({int64_t(patches.size()), -1})}};
}

Tensors forward_case(const Json& options, const Tensors& inputs) {
  auto mae = golden_mae(options.at("model"), options.at("norm_pix_loss"), inputs);
  const auto result =
      mae->forward(inputs.at("image"), inputs.at("noise"), options.at("mask_ratio"));
  return {{"latent", result.latent},
          {"mask", result.hidden},
          {"ids_restore", result.ids_restore},
          {"pred", result.pred},
          {"loss", result.loss.reshape({1})}};
}

Tensors gradient_case(const Json& options, const Tensors& inputs) {
  auto mae = golden_mae(options.at("model"), options.at("norm_pix_loss"), inputs);
  const auto loss = mae->loss(inputs.at("image"), inputs.at("noise"), options.at("mask_ratio"));
  loss.backward();
  const StateDict parameters = state_dict(*mae);
  Tensors outputs{{"loss", loss.reshape({1})}};
  std::vector<double> norms;
  for (const std::string& name : options.at("parameters").get<std::vector<std::string>>()) {
    const auto gradient = parameters.at(name).grad();
    norms.push_back(gradient.to(torch::kFloat64).norm().item<double>());
    outputs["grad/" + name] = gradient;
  }
  outputs["grad_norm"] = torch::tensor(norms, torch::kFloat64);
  return outputs;
}

Tensors attention_case(const Json& options, const Tensors& inputs) {
  auto mae = golden_mae(options.at("model"), false, inputs);
  const auto scores = mae->attention(
      mae->embed(inputs.at("image")),
      {.reduce = options.at("reduce"), .block = options.value("block", int64_t{-1})});
  return {{"scores", scores}, {"order", scores.argsort(true, 1, true)}};
}

Tensors mra_case(const Json& options, const Tensors& inputs) {
  auto mae = golden_mae(options.at("model"), options.at("norm_pix"), inputs);
  MraOptions mra;
  mra.hide = options.at("hide");
  mra.hidden_frac = options.at("ratio");
  mra.score = {.reduce = options.at("reduce"), .block = options.at("block")};
  mra.reconstruct = options.at("reconstruct");
  if (!mra.reconstruct) mra.mask_fill = options.at("mask_fill");
  mra.compose = options.at("compose");
  mra.clip = options.at("clip");
  mra.denorm = options.at("denorm");
  if (mra.denorm != "none" && mra.denorm != "gt") not_built("denorm " + mra.denorm);
  const auto noise = inputs.contains("noise") ? inputs.at("noise") : torch::Tensor();
  const MraResult result = mra_augment(mae, inputs.at("image"), mra, noise);
  Tensors outputs{{"keep", result.kept}, {"mask", result.hidden}, {"output", result.output}};
  if (mra.reconstruct) {
    mra.compose = "decoder_all";  // else only hidden patches are painted
    const MraResult whole = mra_augment(mae, inputs.at("image"), mra, noise);
    outputs["pred"] = whole.pred;
    outputs["reconstruction"] = whole.reconstruction;
  }
  return outputs;
}

}  // namespace

void add_mae_kinds(TensorKinds& kinds) {
  kinds["sincos_pos_embed"] = positions_case;
  kinds["mae_patchify"] = patchify_case;
  kinds["keep_count"] = keep_count_case;
  kinds["mae_forward"] = forward_case;
  kinds["mae_gradient"] = gradient_case;
  kinds["mae_attention"] = attention_case;
  kinds["mra_augment"] = mra_case;
}

}  // namespace mra
