// The kernels of batch norm for one instruction set. The file that includes this one defines what
// vectors.h asks for.
// A kernel is a struct whose operator() treats the floats from position i of its tensors: a vector
// of channels, or one channel where no whole vector is left. A walk takes it through all rows.
#include <algorithm>

#include "harness/model/batch_norm_piece.h"
#include "harness/model/vectors.h"

namespace mra {
namespace {

/// Walks through the rows of kWidth·sizeof(T) bytes of channels from `channel` on. Several rows at
/// a time have sums of their own, as an addition waits for the one before.
template <typename T, int kWidth, typename Kernel>
WITH_ISA void walk(BatchNormPiece piece, int64_t channel, const Kernel& kernel,
                   const float* of_channel, float* sums) {
  constexpr int kRows = 4 / kWidth, kStep = sizeof(T) / sizeof(float);
  constexpr int kCoefficients = Kernel::kCoefficients, kSums = Kernel::kSums;
  T coefficients[kWidth][kCoefficients + 1];
  for (int w = 0; w < kWidth; ++w)
    for (int k = 0; k < kCoefficients; ++k)
      coefficients[w][k] = load<T>(of_channel + k * piece.channels + channel + w * kStep);
  T sum[kRows][kWidth][kSums + 1] = {};
  int64_t row = piece.begin;
  for (; row + kRows <= piece.end; row += kRows)
    for (int r = 0; r < kRows; ++r)
      for (int w = 0; w < kWidth; ++w)
        kernel((row + r) * piece.channels + channel + w * kStep, coefficients[w], sum[r][w]);
  for (; row < piece.end; ++row)
    for (int w = 0; w < kWidth; ++w)
      kernel(row * piece.channels + channel + w * kStep, coefficients[w], sum[0][w]);
  for (int w = 0; w < kWidth; ++w)
    for (int k = 0; k < kSums; ++k) {
      T total = sum[0][w][k];
      for (int r = 1; r < kRows; ++r) total += sum[r][w][k];
      store(sums + k * piece.channels + channel + w * kStep, total);
    }
}

/// Walks through all channels. Neighbouring vectors are taken together, as memory is read in order.
template <typename Kernel>
WITH_ISA void walk_all(BatchNormPiece piece, const Kernel& kernel, const float* of_channel,
                       float* sums = nullptr) {
  int64_t channel = 0;
  for (; channel + 4 * kLanes <= piece.channels; channel += 4 * kLanes)
    walk<Vector, 4>(piece, channel, kernel, of_channel, sums);
  for (; channel + 2 * kLanes <= piece.channels; channel += 2 * kLanes)
    walk<Vector, 2>(piece, channel, kernel, of_channel, sums);
  for (; channel + kLanes <= piece.channels; channel += kLanes)
    walk<Vector, 1>(piece, channel, kernel, of_channel, sums);
  for (; channel < piece.channels; ++channel)
    walk<float, 1>(piece, channel, kernel, of_channel, sums);
}

struct Sum {
  static constexpr int kCoefficients = 0, kSums = 1;
  const float* x;

  template <typename T>
  INLINE void operator()(int64_t i, const T*, T* sums) const {
    sums[0] += load<T>(x + i);
  }
};

struct SumsAbout {
  static constexpr int kCoefficients = 1, kSums = 2;
  const float* x;

  template <typename T>
  INLINE void operator()(int64_t i, const T* mean, T* sums) const {
    const T centred = load<T>(x + i) - mean[0];
    sums[0] += centred;
    sums[1] += centred * centred;
  }
};

WITH_ISA void moments(BatchNormPiece piece, const float* x, float* sums) {
  walk_all(piece, Sum{x}, nullptr, sums);
  const float count = float(piece.end - piece.begin);
  for (int64_t c = 0; c < piece.channels; ++c) sums[c] /= count;
  walk_all(piece, SumsAbout{x}, sums, sums + piece.channels);
}

template <bool kRelu, bool kShortcut>
struct Forward {
  static constexpr int kCoefficients = 3, kSums = 0;
  const BatchNormForward& data;

  template <typename T>
  INLINE void operator()(int64_t i, const T* k, T*) const {
    T y = k[1] * (load<T>(data.x + i) - k[0]) + k[2];
    if constexpr (kShortcut) y += load<T>(data.shortcut + i);
    if constexpr (kRelu) y = y < 0 ? T{} : y;  // NaN stays
    store(data.y + i, y);
  }
};

WITH_ISA void forward(BatchNormPiece piece, const BatchNormForward& data, const float* of_channel) {
  if (!data.relu) return walk_all(piece, Forward<false, false>{data}, of_channel);
  if (!data.shortcut) return walk_all(piece, Forward<true, false>{data}, of_channel);
  walk_all(piece, Forward<true, true>{data}, of_channel);
}

/// What the ReLU lets through of a gradient: nothing where its output y is 0.
template <bool kRelu, typename T>
INLINE T masked(T gradient, const float* y, int64_t i) {
  if constexpr (kRelu) gradient = load<T>(y + i) <= 0 ? T{} : gradient;
  return gradient;
}

template <bool kRelu, bool kStore>
struct BackwardSums {
  static constexpr int kCoefficients = 1, kSums = 2;
  const BatchNormBackward& data;

  template <typename T>
  INLINE void operator()(int64_t i, const T* mean, T* sums) const {
    const T gradient = masked<kRelu>(load<T>(data.g + i), data.y, i);
    if constexpr (kStore) store(data.masked + i, gradient);
    sums[0] += gradient;
    sums[1] += gradient * (load<T>(data.x + i) - mean[0]);
  }
};

WITH_ISA void backward_sums(BatchNormPiece piece, const BatchNormBackward& data,
                            const float* of_channel, float* sums) {
  if (!data.y) return walk_all(piece, BackwardSums<false, false>{data}, of_channel, sums);
  if (!data.masked) return walk_all(piece, BackwardSums<true, false>{data}, of_channel, sums);
  walk_all(piece, BackwardSums<true, true>{data}, of_channel, sums);
}

template <bool kRelu>
struct Backward {
  static constexpr int kCoefficients = 4, kSums = 0;
  const BatchNormBackward& data;
  const float* g;

  template <typename T>
  INLINE void operator()(int64_t i, const T* k, T*) const {
    const T gradient = masked<kRelu>(load<T>(g + i), data.y, i);
    store(data.d_x + i, k[1] * gradient + k[2] * (load<T>(data.x + i) - k[0]) + k[3]);
  }
};

WITH_ISA void backward(BatchNormPiece piece, const BatchNormBackward& data,
                       const float* of_channel) {
  if (data.masked) return walk_all(piece, Backward<false>{data, data.masked}, of_channel);
  if (!data.y) return walk_all(piece, Backward<false>{data, data.g}, of_channel);
  walk_all(piece, Backward<true>{data, data.g}, of_channel);
}

template <bool kRelu>
struct SecondSums {
  static constexpr int kCoefficients = 1, kSums = 3;
  const BatchNormSecond& data;

  template <typename T>
  INLINE void operator()(int64_t i, const T* mean, T* sums) const {
    const T upstream = load<T>(data.of_d_x + i);
    sums[0] += upstream;
    sums[1] += upstream * (load<T>(data.x + i) - mean[0]);
    sums[2] += upstream * masked<kRelu>(load<T>(data.g + i), data.y, i);
  }
};

WITH_ISA void second_sums(BatchNormPiece piece, const BatchNormSecond& data,
                          const float* of_channel, float* sums) {
  if (data.y)
    walk_all(piece, SecondSums<true>{data}, of_channel, sums);
  else
    walk_all(piece, SecondSums<false>{data}, of_channel, sums);
}

template <bool kRelu, bool kShortcut>
struct Second {
  static constexpr int kCoefficients = 7, kSums = 0;
  const BatchNormSecond& data;

  template <typename T>
  INLINE void operator()(int64_t i, const T* k, T*) const {
    const T upstream = load<T>(data.of_d_x + i), centred = load<T>(data.x + i) - k[0];
    const T gradient = masked<kRelu>(load<T>(data.g + i), data.y, i);
    T d_g = k[1] * upstream + k[2] * centred + k[3];
    if constexpr (kShortcut) d_g += load<T>(data.of_masked + i);
    store(data.d_g + i, masked<kRelu>(d_g, data.y, i));
    store(data.d_x + i, k[4] * upstream + k[2] * gradient + k[5] * centred + k[6]);
  }
};

WITH_ISA void second(BatchNormPiece piece, const BatchNormSecond& data, const float* of_channel) {
  if (!data.y) return walk_all(piece, Second<false, false>{data}, of_channel);
  if (!data.of_masked) return walk_all(piece, Second<true, false>{data}, of_channel);
  walk_all(piece, Second<true, true>{data}, of_channel);
}

}  // namespace
}  // namespace mra
