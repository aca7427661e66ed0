#include "harness/model/winograd.h"

#include <ATen/Parallel.h>

#include "harness/model/own_kernels.h"
#include "harness/model/winograd_tiles.h"

namespace mra {
namespace {

constexpr int64_t kPoints = 36;
constexpr int64_t kVector = 16;  // channels of a vector, or of two
constexpr auto kChannelsLast = torch::MemoryFormat::ChannelsLast;

const WinogradKernels* winograd_kernels() {
  return of_this_processor(kWinogradAvx2, kWinogradAvx512);
}

/// The tiles of a map in pieces whose points stay in the cache of one core.
struct Pieces {
  Pieces(const torch::Tensor& maps, int64_t in_, int64_t out_)
      : grid{maps.size(0), maps.size(2), maps.size(3)}, in(in_), out(out_) {
    constexpr int64_t kPieceFloats = 180'000;
    constexpr int64_t kFewest = 16;  // so that the products of matrices fill the registers
    const int64_t fit = kPieceFloats / (kPoints * (in + out));
    length = std::clamp(fit / kFewest * kFewest, kFewest, 6 * kFewest);
  }

  int64_t count() const { return (grid.tiles() + length - 1) / length; }
  Stretch at(int64_t piece) const {
    return {piece * length, std::min(length, grid.tiles() - piece * length)};
  }
  float* scratch() const {
    return scratch_of_thread(Scratch::kPiece, winograd_kernels()->scratch_floats(length, in, out));
  }

  TileGrid grid;
  int64_t in, out, length;
};

/// Weights as points [36,in,out]. Flipped: for the convolution that makes the input's gradient,
/// whose inputs are the weight's outputs.
const float* points_of_weight(const torch::Tensor& w, bool flipped) {
  const int64_t in = w.size(flipped ? 0 : 1), out = w.size(flipped ? 1 : 0);
  const auto weight = w.contiguous(kChannelsLast);
  float* const points = scratch_of_thread(Scratch::kWhole, kPoints * points_step(in * out));
  const auto make =
      flipped ? winograd_kernels()->flipped_weight_points : winograd_kernels()->weight_points;
  constexpr int64_t kGrain = 4096;  // weights that are worth a thread
  at::parallel_for(0, in / kVector, std::max<int64_t>(1, kGrain / (kVector * out)),
                   [&](int64_t begin, int64_t end) {
                     make(weight.const_data_ptr<float>(), in, out,
                          {begin * kVector, (end - begin) * kVector}, points);
                   });
  return points;
}

torch::Tensor convolve_by_tiles(const torch::Tensor& maps, const torch::Tensor& w, bool flipped) {
  const auto x = maps.contiguous(kChannelsLast);
  const float* const points = points_of_weight(w, flipped);
  const Pieces pieces(x, x.size(1), w.size(flipped ? 1 : 0));
  auto y = torch::empty({x.size(0), pieces.out, x.size(2), x.size(3)}, x.options(), kChannelsLast);
  at::parallel_for(0, pieces.count(), 1, [&](int64_t begin, int64_t end) {
    float* const scratch = pieces.scratch();
    for (int64_t piece = begin; piece < end; ++piece)
      winograd_kernels()->convolve(pieces.grid, pieces.at(piece), x.const_data_ptr<float>(),
                                   pieces.in, points, pieces.out, y.mutable_data_ptr<float>(),
                                   scratch);
  });
  return y;
}

/// The gradient of the weight's points, in several parts: [parts,36,out,in]. The number of parts
/// does not depend on that of threads, so that neither does the order of the sums.
struct PointSums {
  PointSums(const torch::Tensor& x, const torch::Tensor& d_y)
      : pieces(x, x.size(1), d_y.size(1)),
        part_step(kPoints * points_step(pieces.out * pieces.in)),
        parts(std::clamp<int64_t>(pieces.count() / 2, 1, std::max(1L, kMostFloats / part_step))),
        data(scratch_of_thread(Scratch::kWhole, parts * part_step)) {
    at::parallel_for(0, parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t part = begin; part < end; ++part) sum(part, x, d_y);
    });
  }

  static constexpr int64_t kMostFloats = 4'000'000;
  Pieces pieces;
  int64_t part_step, parts;
  float* data;

 private:
  void sum(int64_t part, const torch::Tensor& x, const torch::Tensor& d_y) const {
    const int64_t first = part * pieces.count() / parts;
    for (int64_t piece = first; piece < (part + 1) * pieces.count() / parts; ++piece)
      winograd_kernels()->weight_sums(pieces.grid, pieces.at(piece), x.const_data_ptr<float>(),
                                      pieces.in, d_y.const_data_ptr<float>(), pieces.out,
                                      /*adds=*/piece > first, data + part * part_step,
                                      pieces.scratch());
  }
};

}  // namespace

bool suits_winograd(at::IntArrayRef x_sizes, at::IntArrayRef w_sizes) {
  if (!winograd_kernels() || w_sizes[2] != 3 || w_sizes[3] != 3) return false;
  const int64_t out = w_sizes[0], in = w_sizes[1];
  const TileGrid grid{x_sizes[0], x_sizes[2], x_sizes[3]};
  constexpr int64_t kMostChannels = 256, kTilePixels = 16;
  constexpr int64_t kChannelsPerTile = 32;  // with fewer tiles, the weight's points take longer
  const int64_t pixels = grid.pictures * grid.height_px * grid.width_px;
  return x_sizes[1] == in && in % kVector == 0 && out % kVector == 0 &&
         std::max(in, out) <= kMostChannels && 2 * pixels > grid.tiles() * kTilePixels &&
         std::max(in, out) <= kChannelsPerTile * grid.tiles();
}

torch::Tensor winograd_convolution(const torch::Tensor& x, const torch::Tensor& w) {
  return convolve_by_tiles(x, w, /*flipped=*/false);
}

torch::Tensor winograd_input_gradient(const torch::Tensor& d_y, const torch::Tensor& w) {
  return convolve_by_tiles(d_y, w, /*flipped=*/true);
}

torch::Tensor winograd_weight_gradient(const torch::Tensor& x, const torch::Tensor& d_y) {
  const PointSums sums(x.contiguous(kChannelsLast), d_y.contiguous(kChannelsLast));
  const int64_t out = d_y.size(1), in = x.size(1);
  auto d_w = torch::empty({out, in, 3, 3}, x.options(), kChannelsLast);
  constexpr int64_t kGrain = 4096;  // weights that are worth a thread
  at::parallel_for(0, out, std::max<int64_t>(1, kGrain / in), [&](int64_t begin, int64_t end) {
    winograd_kernels()->weight_gradient(sums.data, sums.parts, in, out, {begin, end - begin},
                                        d_w.mutable_data_ptr<float>());
  });
  return d_w;
}

}  // namespace mra
