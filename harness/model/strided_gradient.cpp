#include "harness/model/strided_gradient.h"

#include <ATen/Parallel.h>

#include "harness/model/own_kernels.h"
#include "harness/model/strided_shape.h"

namespace mra {

static const StridedKernels* strided_kernels() {
  return of_this_processor(kStridedAvx2, kStridedAvx512);
}

bool suits_strided_gradient(at::IntArrayRef x_sizes, at::IntArrayRef w_sizes,
                            const ConvolutionSteps& steps) {
  constexpr int64_t kVector = 16;
  const int64_t out = w_sizes[0], in = w_sizes[1], side_px = w_sizes[2];
  return strided_kernels() && steps.stride > 1 && steps.groups == 1 && x_sizes[1] == in &&
         in % kVector == 0 && out % kVector == 0 && side_px == w_sizes[3] &&
         side_px > steps.padding;
}

torch::Tensor strided_input_gradient(const torch::Tensor& d_maps, const torch::Tensor& weight,
                                     at::IntArrayRef x_sizes, const ConvolutionSteps& steps) {
  constexpr auto kChannelsLast = torch::MemoryFormat::ChannelsLast;
  const auto d_y = d_maps.contiguous(kChannelsLast), w = weight.contiguous(kChannelsLast);
  const StridedShape shape{w.size(1),  w.size(0),  w.size(2),   steps.stride, steps.padding,
                           x_sizes[2], x_sizes[3], d_y.size(2), d_y.size(3)};
  auto d_x = torch::empty(x_sizes, d_y.options(), kChannelsLast);
  const int64_t x_floats = d_x[0].numel(), y_floats = d_y[0].numel();
  at::parallel_for(0, x_sizes[0], 1, [&](int64_t begin, int64_t end) {
    float* const scratch = scratch_of_thread(Scratch::kPiece, shape.extended_floats());
    for (int64_t n = begin; n < end; ++n)
      strided_kernels()->input_gradient(shape, d_y.const_data_ptr<float>() + n * y_floats,
                                        w.const_data_ptr<float>(),
                                        d_x.mutable_data_ptr<float>() + n * x_floats, scratch);
  });
  return d_x;
}

}  // namespace mra
