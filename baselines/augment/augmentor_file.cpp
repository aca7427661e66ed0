#include "baselines/augment/augmentor_file.h"

#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "harness/base/error.h"
#include "harness/model/state_dict.h"
#include "harness/weights/weight_file.h"

namespace mra {

namespace {

using Tensors = std::map<std::string, const WeightTensor*>;

/// The description of a weight file: from our metadata, or from the shapes and `given`.
struct Described {
  MaeOptions model;
  double hidden_frac = 0;
  PictureForm form;
  bool can_paint = true;
};

/// Returns the JSON value of a weight file's metadata.
Json metadata_of(const WeightFile& file, const std::string& key) {
  const auto found = file.metadata().find(key);
  check(found != file.metadata().end() && Json::accept(found->second), ErrorKind::kIntegrity,
        file.path().string(), fmt::format("has no metadata \"{}\" of the augmentor", key),
        "use weights that a pretraining of this program wrote");
  return Json::parse(found->second);
}

/// Returns the spec of a masked autoencoder that this program trained; nothing for other files. No
/// other program writes a "hidden_frac".
std::optional<Json> recorded_mae(const WeightFile& file) {
  const auto model = recorded_model(file);
  const bool ours = file.metadata().contains("hidden_frac");
  check(!ours || model, ErrorKind::kIntegrity, file.path().string(),
        "has no metadata \"model\" of the augmentor",
        "use weights that a pretraining of this program wrote");
  if (!model) return std::nullopt;
  Json spec = Json::parse(*model);
  return spec["name"] == "mae" ? std::optional(std::move(spec)) : std::nullopt;
}

Described described_by_metadata(const WeightFile& file, const Json& model) {
  const std::string path = file.path().string();
  Described described;
  described.model = read_mae_options(SpecReader(model, path, "/model"));
  const Json hidden_frac = metadata_of(file, "hidden_frac");
  check(hidden_frac.is_number() && hidden_frac >= 0 && hidden_frac <= 1, ErrorKind::kIntegrity,
        path, fmt::format("its \"hidden_frac\" is {}, not a fraction", hidden_frac.dump()),
        "use weights that a pretraining of this program wrote");
  described.hidden_frac = hidden_frac;
  if (file.metadata().contains("input")) {  // absent in older files, which used ImageNet's
    const InputOptions input = read_input(SpecReader(metadata_of(file, "input"), path, "/input"));
    described.form.mean = input.mean;
    described.form.std = input.std;
  }
  return described;
}

/// Returns the shape of a tensor. Throws an Error if it is absent or without `dims` dimensions.
const std::vector<int64_t>& shape_of(const Tensors& tensors, const std::string& name, size_t dims,
                                     const std::string& path) {
  const auto found = tensors.find(name);
  check(found != tensors.end() && found->second->shape.size() == dims, ErrorKind::kUsage, path,
        fmt::format("has no tensor '{}' of {} dimensions: not a masked autoencoder", name, dims),
        "give weights of a pretraining, or with the names of the MAE authors' code");
  return found->second->shape;
}

/// Returns the number of blocks under `prefix`: "blocks.0.norm1.weight", "blocks.1.norm1.weight", …
int64_t blocks_of(const Tensors& tensors, const std::string& prefix) {
  int64_t count = 0;
  while (tensors.contains(fmt::format("{}.{}.norm1.weight", prefix, count))) ++count;
  return count;
}

int64_t usual_heads(int64_t dim) {
  return dim == 768 ? 12 : dim == 1024 || dim == 1280 || dim == 512 ? 16 : 0;
}

int64_t heads_of(SpecReader& given, const char* key, int64_t dim) {
  const int64_t usual = usual_heads(dim);
  check(usual > 0 || given.has(key), ErrorKind::kUsage, given.where(key),
        fmt::format("is needed: weights of width {} do not tell the number of heads", dim),
        "give the number used in the pretraining");
  return given.in_range<int64_t>(key, usual, 1, 256);
}

int64_t image_px_by_shapes(const Tensors& tensors, const std::string& path) {
  const auto& patches = shape_of(tensors, "patch_embed.proj.weight", 4, path);
  const auto& places = shape_of(tensors, "pos_embed", 3, path);
  return int64_t(std::lround(std::sqrt(double(places[1] - 1)))) * patches[3];
}

Described described_by_shapes(const Tensors& tensors, const std::string& path, SpecReader& given) {
  Described described;
  MaeOptions& model = described.model;
  const auto& patches = shape_of(tensors, "patch_embed.proj.weight", 4, path);
  model.dim = patches[0];
  model.patch_px = patches[3];
  model.image_px = image_px_by_shapes(tensors, path);
  model.depth = blocks_of(tensors, "blocks");
  model.heads = heads_of(given, "heads", model.dim);
  model.mlp_ratio =
      double(shape_of(tensors, "blocks.0.mlp.fc1.weight", 2, path)[0]) / double(model.dim);
  described.hidden_frac = given.in_range("hidden_frac", 0.75, 0.0, 1.0);
  described.can_paint = tensors.contains("mask_token") && tensors.contains("decoder_pred.weight");
  if (!described.can_paint) {
    model.decoder_dim = model.dim;
    model.decoder_depth = 1;
    model.decoder_heads = model.heads;
    return described;
  }
  model.decoder_dim = shape_of(tensors, "decoder_embed.weight", 2, path)[0];
  model.decoder_depth = blocks_of(tensors, "decoder_blocks");
  model.decoder_heads = heads_of(given, "decoder_heads", model.decoder_dim);
  check(given.has("norm_pix"), ErrorKind::kUsage, given.where("norm_pix"),
        "is needed: weights do not tell whether they predict pixels or normalised patches",
        "give false for the MAE authors' \"visualize\" files, true for their others");
  model.norm_pix = given.required<bool>("norm_pix");
  return described;
}

/// Returns the weights in `path`. If the file has no decoder, or positions of another grid, those
/// of `model` are used instead.
StateDict weights_for(const MaskedAutoencoder& model, const std::string& path, bool can_paint,
                      bool same_grid) {
  StateDict weights = read_weights(path);
  for (const auto& [name, tensor] : state_dict(*model)) {
    const bool paints = name.starts_with("decoder") || name == "mask_token";
    const bool places = name == "pos_embed" || name == "decoder_pos_embed";
    if ((paints && !can_paint) || (places && !same_grid)) weights[name] = tensor;
  }
  return weights;
}

}  // namespace

Pretrained read_augmentor(const std::filesystem::path& path, SpecReader given, int64_t size_px) {
  const WeightFile file(path);
  const auto recorded = recorded_mae(file);
  Described described = recorded ? described_by_metadata(file, *recorded)
                                 : described_by_shapes(state_dict_of(file), path.string(), given);
  given.reject_unread_keys();
  Pretrained augmentor;
  augmentor.hidden_frac = described.hidden_frac;
  augmentor.can_paint = described.can_paint;
  const int64_t own_px = described.model.image_px;
  check(size_px % described.model.patch_px == 0, ErrorKind::kUsage, path.string(),
        fmt::format("its patch size of {} px does not divide the picture size of {} px",
                    described.model.patch_px, size_px),
        "choose an augmentor with other patches, or resize the pictures for it");
  if (size_px > 0) described.model.image_px = size_px;
  augmentor.form = described.form;
  augmentor.form.size_px = described.model.image_px;
  augmentor.model = MaskedAutoencoder(described.model);
  assign_weights(*augmentor.model,
                 weights_for(augmentor.model, path.string(), described.can_paint,
                             described.model.image_px == own_px),
                 path.string());
  augmentor.model->eval();
  for (auto& parameter : augmentor.model->parameters()) parameter.requires_grad_(false);
  return augmentor;
}

int augmentor_size_px(const std::filesystem::path& path) {
  const WeightFile file(path);
  if (const auto recorded = recorded_mae(file))
    return int(read_mae_options(SpecReader(*recorded, path.string(), "/model")).image_px);
  return int(image_px_by_shapes(state_dict_of(file), path.string()));
}

}  // namespace mra
