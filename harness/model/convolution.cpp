#include "harness/model/convolution.h"

#include "harness/model/convolution_products.h"
#include "harness/model/own_kernels.h"

namespace mra {

namespace nn = torch::nn;

/// Step in pixels by which a layer subsamples its input before it convolves; 1: no subsampling.
static int64_t pixel_step(int64_t in, int64_t side_px, int64_t stride) {
  constexpr int64_t kFirstRight = 8;  // oneDNN's kernel is right for this many channels or more
  return side_px == 1 && in < kFirstRight ? stride : 1;
}

ConvolutionImpl::ConvolutionImpl(int64_t in, int64_t out, int64_t side_px, int64_t stride,
                                 int64_t groups)
    : nn::Conv2dImpl(nn::Conv2dOptions(in, out, side_px)
                         .stride(stride / pixel_step(in, side_px, stride))
                         .padding(side_px / 2)
                         .groups(groups)
                         .bias(false)),
      pixel_step_(pixel_step(in, side_px, stride)) {}

torch::Tensor ConvolutionImpl::forward(const torch::Tensor& x) {
  if (pixel_step_ == 1) return convolved(x);
  const auto format = x.suggest_memory_format();
  const auto rows = x.slice(2, 0, c10::nullopt, pixel_step_);
  return convolved(rows.slice(3, 0, c10::nullopt, pixel_step_).contiguous(format));
}

torch::Tensor ConvolutionImpl::convolved(const torch::Tensor& x) {
  if (x.dim() != 4 || !suits_own_kernels(x)) return nn::Conv2dImpl::forward(x);
  return convolve(x, weight, {(*options.stride())[0], weight.size(2) / 2, options.groups()});
}

}  // namespace mra
