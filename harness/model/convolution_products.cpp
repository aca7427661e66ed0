#include "harness/model/convolution_products.h"

#include <array>

#include "harness/model/strided_gradient.h"
#include "harness/model/winograd.h"

namespace mra {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// The parts of the sum of d_y · convolution(x, w). It is linear in each of them, and its gradient
/// in one is a product of the other two. So the gradients of such a product are products as well.
enum Part { kX, kW, kDy, kParts };
using Three = std::array<torch::Tensor, kParts>;

/// What all products of a convolution have in common.
struct Shape {
  ConvolutionSteps steps;
  std::vector<int64_t> x_sizes, w_sizes;

  std::vector<int64_t> packed() const {
    std::vector<int64_t> all{steps.stride, steps.padding, steps.groups};
    all.insert(all.end(), x_sizes.begin(), x_sizes.end());
    all.insert(all.end(), w_sizes.begin(), w_sizes.end());
    return all;
  }
  static Shape unpacked(const std::vector<int64_t>& all) {
    return {{all[0], all[1], all[2]}, {&all[3], &all[7]}, {&all[7], &all[11]}};
  }
  bool suits_winograd() const {
    return steps.stride == 1 && steps.padding == 1 && steps.groups == 1 &&
           mra::suits_winograd(x_sizes, w_sizes);
  }
};

torch::Tensor winograd_product(Part part, const Three& three) {
  const auto& [x, w, d_y] = three;
  if (part == kDy) return winograd_convolution(x, w);
  return part == kX ? winograd_input_gradient(d_y, w) : winograd_weight_gradient(x, d_y);
}

torch::Tensor libtorch_product(Part part, const Three& three, const Shape& shape) {
  const auto& [x, w, d_y] = three;
  const auto [stride, padding, groups] = shape.steps;
  const std::vector<int64_t> strides{stride, stride}, paddings{padding, padding}, ones{1, 1};
  if (part == kDy) return at::conv2d(x, w, {}, strides, paddings, ones, groups);
  // The part that is to be found is given for its size, and for the order in memory that oneDNN
  // chooses by. It may be unknown.
  const auto given = [](const torch::Tensor& part_found, const std::vector<int64_t>& sizes,
                        const torch::Tensor& like) {
    if (part_found.defined()) return part_found;
    return torch::empty(sizes, like.options().memory_format(like.suggest_memory_format()));
  };
  const auto gradients =
      at::convolution_backward(d_y, given(x, shape.x_sizes, w), given(w, shape.w_sizes, x),
                               c10::nullopt, strides, paddings, ones, /*transposed=*/false,
                               /*output_padding=*/{0, 0}, groups, {part == kX, part == kW, false});
  return part == kX ? std::get<0>(gradients) : std::get<1>(gradients);
}

torch::Tensor computed(Part part, const Three& three, const Shape& shape) {
  if (shape.suits_winograd()) return winograd_product(part, three);
  if (part == kX && suits_strided_gradient(shape.x_sizes, shape.w_sizes, shape.steps))
    return strided_input_gradient(three[kDy], three[kW], shape.x_sizes, shape.steps);
  return libtorch_product(part, three, shape);
}

torch::Tensor product(Part part, const Three& three, const Shape& shape);

/// The product of the two parts other than kPart.
template <Part kPart>
struct Product : torch::autograd::Function<Product<kPart>> {
  static constexpr Part kFirst = kPart == kX ? kW : kX, kSecond = kPart == kDy ? kW : kDy;

  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& first,
                               const torch::Tensor& second, const Shape& shape) {
    context->save_for_backward({first, second});
    context->saved_data["shape"] = shape.packed();
    Three three;
    three[kFirst] = first;
    three[kSecond] = second;
    return computed(kPart, three, shape);
  }

  static variable_list backward(AutogradContext* context, const variable_list& upstream) {
    const auto saved = context->get_saved_variables();
    const auto shape = Shape::unpacked(context->saved_data["shape"].toIntVector());
    Three three;
    three[kFirst] = saved[0];
    three[kSecond] = saved[1];
    three[kPart] = upstream[0];
    variable_list gradients(3);  // of the two factors, and none of the shape
    if (context->needs_input_grad(0)) gradients[0] = product(kFirst, three, shape);
    if (context->needs_input_grad(1)) gradients[1] = product(kSecond, three, shape);
    return gradients;
  }
};

torch::Tensor product(Part part, const Three& three, const Shape& shape) {
  if (!torch::GradMode::is_enabled()) return computed(part, three, shape);
  const auto& [x, w, d_y] = three;
  if (part == kX) return Product<kX>::apply(w, d_y, shape);
  return part == kW ? Product<kW>::apply(x, d_y, shape) : Product<kDy>::apply(x, w, shape);
}

}  // namespace

torch::Tensor convolve(const torch::Tensor& x, const torch::Tensor& w,
                       const ConvolutionSteps& steps) {
  return product(kDy, {x, w, {}}, {steps, x.sizes().vec(), w.sizes().vec()});
}

}  // namespace mra
