#include "harness/spec/mae_parameters.h"

namespace mra {

namespace {

constexpr int64_t kChannels = 3;

int64_t linear(int64_t in, int64_t out) {
  return in * out + out;
}

int64_t layer_norm(int64_t dim) {
  return 2 * dim;
}

/// A transformer block: two norms, attention (query, key and value in one matrix), two-layer MLP.
int64_t block(int64_t dim, double mlp_ratio) {
  const auto hidden = int64_t(double(dim) * mlp_ratio);
  return 2 * layer_norm(dim) + linear(dim, 3 * dim) + linear(dim, dim) + linear(dim, hidden) +
         linear(hidden, dim);
}

}  // namespace

int64_t mae_parameters(SpecReader model) {
  const int64_t patch_px = model.required<int64_t>("patch_px");
  const int64_t dim = model.required<int64_t>("dim");
  const int64_t depth = model.required<int64_t>("depth");
  const int64_t decoder_dim = model.required<int64_t>("decoder_dim");
  const int64_t decoder_depth = model.required<int64_t>("decoder_depth");
  const double mlp_ratio = model.required<double>("mlp_ratio");
  const int64_t patch_values = kChannels * patch_px * patch_px;
  const int64_t class_token = dim, mask_token = decoder_dim;
  const int64_t encoder =
      linear(patch_values, dim) + class_token + depth * block(dim, mlp_ratio) + layer_norm(dim);
  const int64_t decoder = linear(dim, decoder_dim) + mask_token +
                          decoder_depth * block(decoder_dim, mlp_ratio) + layer_norm(decoder_dim) +
                          linear(decoder_dim, patch_values);
  return encoder + decoder;
}

}  // namespace mra
