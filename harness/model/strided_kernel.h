// The gradient of a strided convolution's input for one instruction set, as products of matrices.
// The file that includes this one defines what small_matrix.h asks for.
#include "harness/model/small_matrix.h"
#include "harness/model/strided_shape.h"

namespace mra {
namespace {

/// Copies d_y [H',W',out] into the corner of a larger map of zeros. With the zeros behind d_y, a
/// tap has an output for each of its inputs.
WITH_ISA void extend(const StridedShape& shape, const float* d_y, float* extended) {
  const int64_t row = shape.out_width_px * shape.out;
  std::fill_n(extended, shape.extended_floats(), 0.0f);
  for (int64_t y = 0; y < shape.out_height_px; ++y, d_y += row, extended += shape.extended_row())
    std::copy_n(d_y, row, extended);
}

/// Adds what a tap of the weight contributes to a row of inputs: to every stride-th of them.
/// `d_y_row` is the row of outputs that it contributes from.
WITH_ISA void add_tap(const StridedShape& shape, int64_t tap_x, const float* d_y_row,
                      const float* tap, float* d_x_row) {
  const int64_t offset = tap_x - shape.padding_px;  // from output 0's input
  const int64_t first_output = offset < 0 ? (shape.stride - 1 - offset) / shape.stride : 0;
  const int64_t first_input = first_output * shape.stride + offset;
  const int64_t inputs = (shape.width_px - first_input + shape.stride - 1) / shape.stride;
  multiply<true>({d_y_row + first_output * shape.out, shape.out, 1},
                 {tap, shape.side_px * shape.side_px * shape.in}, inputs, shape.out, shape.in,
                 {d_x_row + first_input * shape.in, shape.stride * shape.in});
}

WITH_ISA void input_gradient(const StridedShape& shape, const float* d_y, const float* w,
                             float* d_x, float* scratch) {
  constexpr int64_t kPieceFloats = 4096;  // of d_x, that stay in the cache while taps are added
  const int64_t row = shape.width_px * shape.in;
  const int64_t rows = std::max<int64_t>(1, kPieceFloats / row);
  extend(shape, d_y, scratch);
  for (int64_t first = 0; first < shape.height_px; first += rows) {
    const int64_t end = std::min(first + rows, shape.height_px);
    std::fill_n(d_x + first * row, (end - first) * row, 0.0f);
    for (int64_t tap = 0; tap < shape.side_px * shape.side_px; ++tap)
      for (int64_t y = first; y < end; ++y) {
        const int64_t steps = y + shape.padding_px - tap / shape.side_px;  // from output row 0
        if (steps < 0 || steps % shape.stride != 0) continue;
        add_tap(shape, tap % shape.side_px, scratch + steps / shape.stride * shape.extended_row(),
                w + tap * shape.in, d_x + y * row);
      }
  }
}

constexpr StridedKernels kKernels{input_gradient};

}  // namespace
}  // namespace mra
