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

torch::Tensor call_linear_pointwise(const torch::Tensor& a, const torch::Tensor& b,
                                    const torch::Tensor& bias, c10::string_view activation) {
  const auto given = bias.defined() ? std::optional(bias) : std::nullopt;
  return linear_pointwise()->call(a, b, given, activation, c10::List<std::optional<at::Scalar>>(),
                                  "none");
}

/// a [M,K], b [N,K], bias [N] or undefined -> a·bᵀ + bias [M,N].
torch::Tensor product(const torch::Tensor& a, const torch::Tensor& b,
                      const torch::Tensor& bias = {}) {
  // In a backward pass whose own gradient is wanted, only LibTorch's operators keep track.
  if (torch::GradMode::is_enabled()) return torch::linear(a, b, bias);
  return call_linear_pointwise(a, b, bias, "none");
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
      gradients[1] = dy.size(1) <= x.size(1) ? product(dy.t(), x.t()) : product(x.t(), dy.t()).t();
    if (context->needs_input_grad(2)) gradients[2] = dy.sum(0);
    return gradients;
  }
};

/// For a weight with gaps between its rows, oneDNN has only its slow reference kernel.
bool uses_onednn(const torch::Tensor& x, const torch::Tensor& weight) {
  return x.is_cpu() && x.scalar_type() == torch::kFloat32 &&
         weight.scalar_type() == torch::kFloat32 && weight.is_contiguous() && x.numel() > 0 &&
         !at::autocast::is_autocast_enabled(torch::kCPU) && linear_pointwise();
}

/// x [...,in] -> [M,in]: the rows that are multiplied.
torch::Tensor rows_of(const torch::Tensor& x) {
  return x.reshape({-1, x.size(-1)});
}

/// y [M,out] -> [...,out], where x is [...,in].
torch::Tensor in_place_of(const torch::Tensor& x, const torch::Tensor& y) {
  auto sizes = x.sizes().vec();
  sizes.back() = y.size(1);
  return y.view(sizes);
}

}  // namespace

torch::Tensor linear(const torch::Tensor& x, const torch::Tensor& weight,
                     const torch::Tensor& bias) {
  if (!uses_onednn(x, weight)) return torch::linear(x, weight, bias);
  const auto rows = rows_of(x);
  return in_place_of(x, torch::GradMode::is_enabled() ? LinearFunction::apply(rows, weight, bias)
                                                      : product(rows, weight, bias));
}

torch::Tensor linear_gelu(const torch::Tensor& x, const torch::Tensor& weight,
                          const torch::Tensor& bias) {
  if (torch::GradMode::is_enabled() || !uses_onednn(x, weight))
    return torch::gelu(linear(x, weight, bias));
  return in_place_of(x, call_linear_pointwise(rows_of(x), weight, bias, "gelu"));
}

}  // namespace mra
