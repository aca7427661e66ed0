#include "harness/model/linear.h"

#include <ATen/autocast_mode.h>
#include <ATen/core/dispatch/Dispatcher.h>

namespace mra {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// LibTorch's only operator that multiplies plain fp32 matrices with oneDNN:
/// (x [M,K], weight [N,K], bias [N] or none, activation, its two arguments) -> [M,N].
using LinearPointwise = torch::Tensor(const torch::Tensor&, const torch::Tensor&,
                                      const std::optional<torch::Tensor>&, c10::string_view,
                                      c10::List<std::optional<at::Scalar>>,
                                      std::optional<c10::string_view>);

/// Returns the operator, or nothing if LibTorch was built without oneDNN.
const std::optional<c10::TypedOperatorHandle<LinearPointwise>>& linear_pointwise() {
  static const auto found = [] {
    std::optional<c10::TypedOperatorHandle<LinearPointwise>> typed;
    const auto schema = c10::Dispatcher::singleton().findSchema({"mkldnn::_linear_pointwise", ""});
    if (schema) typed = schema->typed<LinearPointwise>();
    return typed;
  }();
  return found;
}

/// a [M,K], b [N,K], bias [N] or undefined -> a·bᵀ + bias [M,N].
torch::Tensor product(const torch::Tensor& a, const torch::Tensor& b,
                      const torch::Tensor& bias = {}) {
  // In a backward pass whose own gradient is wanted, only LibTorch's operators keep track.
  if (torch::GradMode::is_enabled()) return torch::linear(a, b, bias);
  const auto given = bias.defined() ? std::optional(bias) : std::nullopt;
  return linear_pointwise()->call(a, b, given, "none", c10::List<std::optional<at::Scalar>>(), "");
}

struct LinearFunction : torch::autograd::Function<LinearFunction> {
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& weight, const torch::Tensor& bias) {
    context->save_for_backward({x, weight});
    return product(x, weight, bias);
  }

  static variable_list backward(AutogradContext* context, const variable_list& upstream) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &x = saved[0], &weight = saved[1], &dy = upstream[0];
    variable_list gradients(3);
    if (context->needs_input_grad(0)) gradients[0] = product(dy, weight.t());
    // oneDNN is faster when the result has fewer rows than columns.
    if (context->needs_input_grad(1))
      gradients[1] = dy.size(1) <= x.size(1) ? product(dy.t(), x.t())
                                             : product(x.t(), dy.t()).t().contiguous();
    if (context->needs_input_grad(2)) gradients[2] = dy.sum(0);
    return gradients;
  }
};

bool uses_onednn(const torch::Tensor& x, const torch::Tensor& weight) {
  return x.is_cpu() && x.scalar_type() == torch::kFloat32 &&
         weight.scalar_type() == torch::kFloat32 && x.numel() > 0 &&
         !at::autocast::is_autocast_enabled(torch::kCPU) && linear_pointwise();
}

}  // namespace

torch::Tensor linear(const torch::Tensor& x, const torch::Tensor& weight,
                     const torch::Tensor& bias) {
  if (!uses_onednn(x, weight)) return torch::linear(x, weight, bias);
  const auto rows = x.reshape({-1, x.size(-1)});
  auto sizes = x.sizes().vec();
  sizes.back() = weight.size(0);
  const auto y = torch::GradMode::is_enabled() ? LinearFunction::apply(rows, weight, bias)
                                               : product(rows, weight, bias);
  return y.view(sizes);
}

}  // namespace mra
