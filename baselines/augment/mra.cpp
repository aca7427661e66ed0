#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "baselines/augment/augmentor_file.h"
#include "baselines/augment/mra.h"
#include "baselines/augment/picture_views.h"
#include "harness/base/error.h"
#include "harness/tasks/catalog.h"
#include "harness/train/device.h"

namespace mra {

namespace {

/// The options of MRA in a spec, before its augmentor is known.
struct MraSpec {
  std::string weights, fit, precision;
  SpecReader augmentor;               ///< what the weights do not contain
  std::optional<double> hidden_frac;  ///< nothing: as in its pretraining
  MraOptions options;
};

MraSpec read_spec(SpecReader& spec, const std::string& precision) {
  MraOptions options;
  options.hide = spec.one_of("hide", options.hide, {"low", "high", "random"});
  options.score.reduce = spec.optional("attn_reduce", options.score.reduce);
  options.score.block = spec.optional("attn_block", options.score.block);
  options.reconstruct = spec.optional("reconstruct", options.reconstruct);
  options.mask_fill = spec.one_of("mask_fill", options.mask_fill, {"norm_zero", "black"});
  options.compose = spec.one_of("compose", options.compose, {"paste", "decoder_all"});
  options.clip = spec.optional("clip", options.clip);
  options.denorm = spec.one_of("denorm", options.denorm, {"none", "gt"});
  options.prob = spec.in_range("prob", options.prob, 0.0, 1.0);
  MraSpec read{.weights = spec.required<std::string>("weights"),
               .fit = spec.one_of("fit", "exact", {"exact", "resize", "positions"}),
               .precision = spec.one_of("precision", precision, {"fp32", "bf16"}),
               .augmentor = spec.child("augmentor", /*may_lack=*/true),
               .hidden_frac = spec.in_range_if_there("hidden_frac", 0.0, 1.0),
               .options = options};
  spec.reject_unread_keys();
  return read;
}

/// Reads the augmentor that a spec names, onto the context's device. "fit" decides what happens
/// when its picture size differs from the run's: throw an Error; resize pictures there and back; or
/// give it position embeddings for the run's grid of patches.
Pretrained load_augmentor(const MraSpec& read, const std::string& where,
                          const MethodContext& context) {
  const int64_t size_px = context.input.size_px;
  Pretrained augmentor = read_augmentor(context.weights_of(read.weights), read.augmentor,
                                        read.fit == "positions" ? size_px : 0);
  const int64_t image_px = augmentor.model->options().image_px;
  check(image_px == size_px || read.fit == "resize", ErrorKind::kUsage, where,
        fmt::format("was pretrained on pictures of {} px, but those of the run have {} px",
                    image_px, size_px),
        "choose an augmentor pretrained at the run's size, or give \"fit\": \"resize\"");
  augmentor.model->to(context.device);
  return augmentor;
}

void check_score(const SpecReader& spec, const AttentionScore& score, const MaeOptions& sizes) {
  const std::string& reduce = score.reduce;
  const bool named = reduce == "dot_sum" || reduce == "mean_softmax" || reduce == "max_softmax";
  bool head = reduce.starts_with("head:") && reduce.size() > 5 && reduce.size() < 10 &&
              reduce.find_first_not_of("0123456789", 5) == std::string::npos;
  head = head && std::stoll(reduce.substr(5)) < sizes.heads;
  check(
      named || head, ErrorKind::kUsage, spec.where("attn_reduce"),
      fmt::format("unknown value '{}'", reduce),
      fmt::format("known: dot_sum, mean_softmax, max_softmax, head:0 … head:{}", sizes.heads - 1));
  check(score.block >= -sizes.depth && score.block < sizes.depth, ErrorKind::kUsage,
        spec.where("attn_block"), fmt::format("the augmentor has no block {}", score.block),
        fmt::format("give {} … {}; -1 is the last", -sizes.depth, sizes.depth - 1));
}

/// Returns the options of MRA after checking that `augmentor` can do what they ask for.
MraOptions options_with(const Pretrained& augmentor, const MraSpec& read, const SpecReader& spec) {
  MraOptions options = read.options;
  options.hidden_frac = read.hidden_frac.value_or(augmentor.hidden_frac);
  options.mean = augmentor.form.mean;
  options.std = augmentor.form.std;
  const MaeOptions& sizes = augmentor.model->options();
  check_score(spec, options.score, sizes);
  check(kept_count(sizes.patches(), options.hidden_frac) > 0, ErrorKind::kUsage,
        spec.where("hidden_frac"),
        fmt::format("hiding {} of {} patches leaves none visible", options.hidden_frac,
                    sizes.patches()),
        "give a smaller fraction, such as 0.4");
  check(augmentor.can_paint || !options.reconstruct, ErrorKind::kUsage, spec.where("weights"),
        "holds an encoder only, which can score patches but not reconstruct them",
        "give \"reconstruct\": false, or weights with their decoder");
  check(!sizes.norm_pix || !options.reconstruct || options.denorm == "gt", ErrorKind::kUsage,
        spec.where("denorm"),
        "is needed: this augmentor predicts patches normalised by their mean and variance",
        "give \"denorm\": \"gt\" (uses those of the original patches), or other weights");
  return options;
}

/// Draws which pictures are changed: [N,1,1,1] bool on `device`.
torch::Tensor draw_changed(int64_t pictures, double prob, Rng& rng, torch::Device device) {
  auto changed = torch::empty({pictures, 1, 1, 1}, torch::kBool);
  for (int64_t i = 0; i < pictures; ++i) changed.data_ptr<bool>()[i] = rng.uniform() < prob;
  return uploaded(changed, device);
}

}  // namespace

LoadedMra load_mra(SpecReader spec, const MethodContext& context) {
  const MraSpec read = read_spec(spec, context.precision);
  const Pretrained augmentor = load_augmentor(read, spec.where("weights"), context);
  const MraOptions options = options_with(augmentor, read, spec);
  const InputOptions& input = context.input;
  return {augmentor.model, options, read.precision,
          MraFit({input.size_px, input.mean, input.std}, augmentor.form)};
}

torch::Tensor draw_noise(int64_t pictures, int64_t patches, Rng& rng, torch::Device device) {
  auto noise = torch::empty({pictures, patches}, torch::kFloat32);
  float* values = noise.data_ptr<float>();
  for (int64_t i = 0; i < pictures * patches; ++i) values[i] = float(rng.uniform());
  return uploaded(noise, device);
}

/// Enlarges one value per patch to pixels: [N,L] -> [N,H,W].
static torch::Tensor patch_map(const torch::Tensor& values, const MaeOptions& sizes) {
  const int64_t grid = sizes.image_px / sizes.patch_px;
  return values.view({-1, grid, grid})
      .repeat_interleave(sizes.patch_px, 1)
      .repeat_interleave(sizes.patch_px, 2);
}

/// Returns three views: attention, hidden patches, and the augmentor's prediction of all patches.
static std::vector<MethodView> mra_views(LoadedMra mra, const torch::Tensor& pictures,
                                         const MethodContext& context) {
  const torch::NoGradGuard no_grad;
  const auto images = mra.fit.to_augmentor(pictures);
  InputOptions form = context.input;
  form.mean = mra.options.mean;
  form.std = mra.options.std;
  const MaeOptions& sizes = mra.model->options();
  Rng rng({.seed = 0, .purpose = Purpose::kBatch});
  const auto noise = draw_noise(images.size(0), sizes.patches(), rng, context.device);
  const auto attention = mra.model->attention(mra.model->embed(images), mra.options.score);
  mra.options.compose = "decoder_all";
  mra.options.reconstruct = true;
  const MraResult result = mra_augment(mra.model, images, mra.options, noise);
  const auto hidden = patch_map(result.hidden, sizes).unsqueeze(1).cpu();
  const auto masked = denormalised(images, form) * (1 - hidden) + 0.5 * hidden;
  return {{"attention", as_grey(patch_map(attention.to(torch::kFloat32), sizes))},
          {"mask", masked},
          {"reconstruction", denormalised(result.reconstruction, form)}};
}

/// Pictures that are augmented at a time. On a CPU their tokens stay in its caches.
static int64_t pictures_at_a_time(const MaeOptions& sizes, torch::Device device) {
  constexpr int64_t kTokens = 4096;
  if (!device.is_cpu()) return std::numeric_limits<int64_t>::max();
  return std::max<int64_t>(1, kTokens / (1 + sizes.patches()));
}

/// `noise`: [N,L], or undefined where none is needed.
static torch::Tensor augmented(LoadedMra& mra, const torch::Tensor& images,
                               const torch::Tensor& noise) {
  const int64_t pictures = images.size(0),
                most = pictures_at_a_time(mra.model->options(), images.device());
  auto output = torch::empty_like(images, images.options(), torch::MemoryFormat::ChannelsLast);
  for (int64_t first = 0; first < pictures; first += most) {
    const int64_t count = std::min(most, pictures - first);
    const auto seen = mra.fit.to_augmentor(images.narrow(0, first, count));
    const auto own_noise = noise.defined() ? noise.narrow(0, first, count) : noise;
    const MraResult result = mra_augment(mra.model, seen, mra.options, own_noise);
    output.narrow(0, first, count).copy_(mra.fit.from_augmentor(result.output));
  }
  return output;
}

BatchTransform make_mra(SpecReader spec, const MethodContext& context) {
  const LoadedMra loaded = load_mra(std::move(spec), context);
  BatchTransform transform = [mra = loaded, device = context.device](Batch batch,
                                                                     Rng& rng) mutable {
    const AutocastScope autocast(device, mra.precision);
    const MraOptions& options = mra.options;
    const int64_t pictures = batch.images.size(0);
    torch::Tensor noise;
    if (options.hide == "random")
      noise = draw_noise(pictures, mra.model->options().patches(), rng, device);
    const auto output = augmented(mra, batch.images, noise);
    if (options.prob == 1)
      batch.images = output;
    else
      batch.images =
          torch::where(draw_changed(pictures, options.prob, rng, device), output, batch.images)
              .contiguous(torch::MemoryFormat::ChannelsLast);
    return batch;
  };
  transform.views = [loaded, context](const torch::Tensor& images) {
    return mra_views(loaded, images, context);
  };
  return transform;
}

}  // namespace mra
