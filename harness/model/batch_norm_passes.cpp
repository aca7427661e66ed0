#include "harness/model/batch_norm_passes.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <ATen/Parallel.h>

#include "harness/model/batch_norm_piece.h"
#include "harness/model/own_kernels.h"

namespace mra {
namespace {

const BatchNormKernels* batch_norm_kernels() {
  return of_this_processor(kBatchNormAvx2, kBatchNormAvx512);
}

/// How a tensor [M,C] is divided for the threads.
struct Division {
  explicit Division(const torch::Tensor& x)
      : channels(x.size(1)),
        rows(x.numel() / channels),
        rows_of_piece(std::max<int64_t>(4, kFloatsOfPiece / channels)),
        pieces((rows + rows_of_piece - 1) / rows_of_piece) {}

  BatchNormPiece piece(int64_t number) const {
    return {number * rows_of_piece, std::min(rows, (number + 1) * rows_of_piece), channels};
  }

  /// Calls act(number) for every piece, on all threads.
  template <typename Act>
  void for_each_piece(const Act& act) const {
    const auto some = [&](int64_t begin, int64_t end) {
      for (int64_t number = begin; number < end; ++number) act(number);
    };
    if (pieces == 1) return some(0, 1);
    at::parallel_for(0, pieces, 1, some);
  }

  static constexpr int64_t kFloatsOfPiece = 16384;  // they stay in the cache for a second look
  int64_t channels, rows, rows_of_piece, pieces;
};

/// `kinds` sums of each channel: act(piece, sums) writes those of a piece. -> [pieces,kinds,C].
template <typename Act>
std::vector<float> sums_of_pieces(const Division& division, int64_t kinds, const Act& act) {
  const int64_t of_piece = kinds * division.channels;
  std::vector<float> sums(size_t(division.pieces * of_piece));
  division.for_each_piece(
      [&](int64_t number) { act(division.piece(number), sums.data() + number * of_piece); });
  return sums;
}

/// [pieces,kinds,C] -> [kinds,C].
std::vector<double> totals(const Division& division, int64_t kinds,
                           const std::vector<float>& sums) {
  const int64_t count = kinds * division.channels;
  std::vector<double> total(size_t(count), 0.0);
  for (int64_t piece = 0; piece < division.pieces; ++piece)
    for (int64_t i = 0; i < count; ++i) total[i] += sums[piece * count + i];
  return total;
}

/// The kernels' coefficients [k,C]: of(channel) returns the k of one channel.
template <size_t k, typename Of>
std::vector<float> coefficients(int64_t channels, const Of& of) {
  std::vector<float> all(k * size_t(channels));
  for (int64_t c = 0; c < channels; ++c) {
    const std::array<double, k> values = of(c);
    for (size_t i = 0; i < k; ++i) all[i * channels + c] = float(values[i]);
  }
  return all;
}

/// A gradient in the kernels' order; zeros for an undefined one.
torch::Tensor in_rows(const torch::Tensor& gradient, const torch::Tensor& like) {
  if (!gradient.defined()) return torch::zeros_like(like);
  return gradient.contiguous(torch::MemoryFormat::ChannelsLast);
}

float* floats(const torch::Tensor& tensor) {
  return tensor.defined() ? tensor.data_ptr<float>() : nullptr;
}

/// What is known of each channel.
struct Channels {
  explicit Channels(const BatchNormState& state)
      : weight(floats(state.weight)),
        mean(floats(state.statistics)),
        scale(mean + state.statistics.size(1)) {}

  const float *weight, *mean, *scale;  ///< scale: 1/√(variance + eps)
};

}  // namespace

bool has_batch_norm_kernels() {
  return batch_norm_kernels() != nullptr;
}

torch::Tensor batch_norm_statistics(const torch::Tensor& x, double eps) {
  const Division division(x);
  const int64_t channels = division.channels;
  const float* data = floats(x);
  const auto sums = sums_of_pieces(division, 3, [&](BatchNormPiece piece, float* of_piece) {
    batch_norm_kernels()->moments(piece, data, of_piece);
  });
  const auto statistics = torch::empty({3, channels}, x.options().memory_format(c10::nullopt));
  float* const mean = floats(statistics);
  for (int64_t c = 0; c < channels; ++c) {
    double count = 0, centre = 0, squares = 0;  // of the pieces so far; squares about their mean
    for (int64_t number = 0; number < division.pieces; ++number) {
      const BatchNormPiece piece = division.piece(number);
      const float* const of_piece = sums.data() + number * 3 * channels + c;
      const double added = double(piece.end - piece.begin);
      const double rest = of_piece[channels] / added;
      const double apart = of_piece[0] + rest - centre;
      squares += of_piece[2 * channels] - added * rest * rest;
      squares += apart * apart * count * added / (count + added);
      count += added;
      centre += apart * added / count;
    }
    mean[c] = float(centre);
    mean[channels + c] = float(1 / std::sqrt(squares / count + eps));
    mean[2 * channels + c] = float(squares / (count - 1));
  }
  return statistics;
}

torch::Tensor batch_norm_forward(const BatchNormState& state, const torch::Tensor& bias,
                                 const torch::Tensor& shortcut, bool relu) {
  const Division division(state.x);
  const Channels of(state);
  const float* const added = floats(bias);
  const auto of_channel = coefficients<3>(division.channels, [&](int64_t c) {
    return std::array<double, 3>{of.mean[c], double(of.weight[c]) * of.scale[c], added[c]};
  });
  const auto y = torch::empty_like(state.x);
  const BatchNormForward data{floats(state.x), floats(shortcut), relu, floats(y)};
  division.for_each_piece([&](int64_t number) {
    batch_norm_kernels()->forward(division.piece(number), data, of_channel.data());
  });
  return y;
}

// With m for the masked gradient, x̂ for the normalised x, s for scale and M for the rows:
// d_bias = Σm, d_weight = Σm·x̂, d_x = weight·s·(m − mean(m) − x̂·mean(m·x̂)).
BatchNormGradients batch_norm_backward(const BatchNormState& state, const torch::Tensor& g,
                                       bool wants_shortcut) {
  const Division division(state.x);
  const Channels of(state);
  const int64_t channels = division.channels;
  const auto upstream = in_rows(g, state.x);
  const auto of_all_channels = state.weight.options();
  BatchNormGradients out{torch::empty_like(state.x),
                         torch::empty({channels}, of_all_channels),
                         torch::empty({channels}, of_all_channels),
                         {},
                         torch::empty({2, channels}, of_all_channels)};
  if (wants_shortcut) out.shortcut = torch::empty_like(state.x);
  const BatchNormBackward data{floats(state.x), floats(state.y), floats(upstream),
                               floats(out.shortcut), floats(out.x)};
  const auto sums =
      totals(division, 2, sums_of_pieces(division, 2, [&](BatchNormPiece piece, float* of_piece) {
               batch_norm_kernels()->backward_sums(piece, data, of.mean, of_piece);
             }));
  float *d_weight = floats(out.weight), *d_bias = floats(out.bias), *means = floats(out.means);
  const auto of_channel = coefficients<4>(channels, [&](int64_t c) {
    const double s = of.scale[c], ws = of.weight[c] * s, rows = double(division.rows);
    const double sum = sums[c], product = s * sums[channels + c];
    d_bias[c] = float(sum);
    d_weight[c] = float(product);
    means[c] = float(sum / rows);
    means[channels + c] = float(product / rows);
    return std::array<double, 4>{of.mean[c], ws, -ws * s * product / rows, -ws * sum / rows};
  });
  division.for_each_piece([&](int64_t number) {
    batch_norm_kernels()->backward(division.piece(number), data, of_channel.data());
  });
  return out;
}

// With G, a, b, S for the gradients of d_x, d_weight, d_bias and d_shortcut, and
// p = mean(G·m), q = mean(G·x̂), t = p − mean(G)·mean(m) − q·mean(m·x̂):
// d_g = mask·(weight·s·(G − mean(G) − q·x̂) + a·x̂ + b + S); d_weight = s·M·t;
// d_x = s·(X − mean(X) − x̂·mean(X·x̂)) − s²·weight·t·x̂,
// where X = a·m − weight·s·(mean(m·x̂)·G + q·m) is the gradient of x̂ with s held fixed.
BatchNormSecondGradients batch_norm_second(const BatchNormState& state, const torch::Tensor& g,
                                           const torch::Tensor& means,
                                           const BatchNormGradients& upstream) {
  const Division division(state.x);
  const Channels of(state);
  const int64_t channels = division.channels;
  const auto g_rows = in_rows(g, state.x), of_d_x = in_rows(upstream.x, state.x);
  const auto of_masked =
      upstream.shortcut.defined() ? in_rows(upstream.shortcut, state.x) : torch::Tensor();
  BatchNormSecondGradients out{torch::empty_like(state.x), torch::empty_like(state.x),
                               torch::empty({channels}, state.weight.options())};
  const BatchNormSecond data{floats(state.x),   floats(state.y), floats(g_rows), floats(of_d_x),
                             floats(of_masked), floats(out.g),   floats(out.x)};
  const auto sums =
      totals(division, 3, sums_of_pieces(division, 3, [&](BatchNormPiece piece, float* of_piece) {
               batch_norm_kernels()->second_sums(piece, data, of.mean, of_piece);
             }));
  const auto of_weight = upstream.weight.defined() ? upstream.weight.contiguous() : torch::Tensor();
  const auto of_bias = upstream.bias.defined() ? upstream.bias.contiguous() : torch::Tensor();
  const float *given_a = floats(of_weight), *given_b = floats(of_bias), *m1 = floats(means);
  float* const d_weight = floats(out.weight);
  const auto of_channel = coefficients<7>(channels, [&](int64_t c) {
    const double rows = double(division.rows), s = of.scale[c], ws = of.weight[c] * s;
    const double a = given_a ? given_a[c] : 0, b = given_b ? given_b[c] : 0;
    const double mean_m = m1[c], mean_mx = m1[channels + c];
    const double mean_g = sums[c] / rows, q = s * sums[channels + c] / rows;
    const double t = sums[2 * channels + c] / rows - mean_g * mean_m - q * mean_mx;
    const double mean_x = a * mean_m - ws * (mean_mx * mean_g + q * mean_m);
    const double mean_xx = a * mean_mx - 2 * ws * mean_mx * q;
    d_weight[c] = float(s * rows * t);
    return std::array<double, 7>{of.mean[c],        ws,
                                 s * (a - ws * q),  b - ws * mean_g,
                                 -ws * s * mean_mx, -s * s * (mean_xx + ws * t),
                                 -s * mean_x};
  });
  division.for_each_piece([&](int64_t number) {
    batch_norm_kernels()->second(division.piece(number), data, of_channel.data());
  });
  return out;
}

}  // namespace mra
