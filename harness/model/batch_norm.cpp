#include "harness/model/batch_norm.h"

#include <optional>

#include "harness/model/batch_norm_passes.h"
#include "harness/model/own_kernels.h"

namespace mra {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Undefined tensors are no inputs of a function.
std::optional<torch::Tensor> if_defined(const torch::Tensor& tensor) {
  return tensor.defined() ? std::optional(tensor) : std::nullopt;
}

/// The first gradients, which can be differentiated once more. -> d_x, d_weight, d_bias and, if
/// wanted, d_shortcut.
struct BatchNormGradientFunction : torch::autograd::Function<BatchNormGradientFunction> {
  static variable_list forward(AutogradContext* context, const torch::Tensor& g,
                               const torch::Tensor& x, const torch::Tensor& weight,
                               const torch::Tensor& statistics,
                               const std::optional<torch::Tensor>& y, bool wants_shortcut) {
    const torch::Tensor output = y.value_or(torch::Tensor());
    const auto found = batch_norm_backward({x, weight, statistics, output}, g, wants_shortcut);
    context->save_for_backward({g, x, weight, statistics, output, found.means});
    context->set_materialize_grads(false);
    if (!wants_shortcut) return {found.x, found.weight, found.bias};
    return {found.x, found.weight, found.bias, found.shortcut};
  }

  static variable_list backward(AutogradContext* context, const variable_list& upstream) {
    TORCH_CHECK_NOT_IMPLEMENTED(!torch::GradMode::is_enabled(),
                                "batch norm has no third gradients");
    const auto saved = context->get_saved_variables();
    const auto of_shortcut = upstream.size() > 3 ? upstream[3] : torch::Tensor();
    const auto found =
        batch_norm_second({saved[1], saved[2], saved[3], saved[4]}, saved[0], saved[5],
                          {upstream[0], upstream[1], upstream[2], of_shortcut, {}});
    return {found.g, found.x, found.weight, {}, {}, {}};
  }
};

struct BatchNormFunction : torch::autograd::Function<BatchNormFunction> {
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& weight, const torch::Tensor& bias,
                               const torch::Tensor& statistics,
                               const std::optional<torch::Tensor>& shortcut, bool relu) {
    const auto y = batch_norm_forward({x, weight, statistics, {}}, bias,
                                      shortcut.value_or(torch::Tensor()), relu);
    context->save_for_backward({x, weight, statistics, relu ? y : torch::Tensor()});
    context->saved_data["shortcut"] = shortcut.has_value();
    return y;
  }

  static variable_list backward(AutogradContext* context, const variable_list& upstream) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor &x = saved[0], &weight = saved[1], &statistics = saved[2];
    const torch::Tensor y = saved[3].defined() ? saved[3].detach() : saved[3];
    const bool wants_shortcut = context->saved_data["shortcut"].toBool();
    if (torch::GradMode::is_enabled()) {
      const auto found = BatchNormGradientFunction::apply(upstream[0], x, weight, statistics,
                                                          if_defined(y), wants_shortcut);
      return {found[0], found[1], found[2], {}, wants_shortcut ? found[3] : torch::Tensor(), {}};
    }
    const auto found = batch_norm_backward({x, weight, statistics, y}, upstream[0], wants_shortcut);
    return {found.x, found.weight, found.bias, {}, found.shortcut, {}};
  }
};

bool is_float_of_cpu(const torch::Tensor& tensor) {
  return tensor.defined() && tensor.is_cpu() && tensor.scalar_type() == torch::kFloat32;
}

/// Whether the tensor holds one fp32 for each of `channels`, side by side, or is undefined.
bool is_plain(const torch::Tensor& tensor, int64_t channels) {
  return !tensor.defined() ||
         (is_float_of_cpu(tensor) && tensor.numel() == channels && tensor.is_contiguous());
}

bool can_be_added(const torch::Tensor& shortcut, const torch::Tensor& x) {
  return is_float_of_cpu(shortcut) && shortcut.sizes() == x.sizes();
}

}  // namespace

BatchNormImpl::BatchNormImpl(int64_t channels) : torch::nn::BatchNorm2dImpl(channels) {}

bool BatchNormImpl::uses_own(const torch::Tensor& x) const {
  const bool by_batch = is_training() || !options.track_running_stats();
  if (!by_batch || !suits_own_kernels(x) || x.dim() != 4 || x.numel() <= x.size(1)) return false;
  const int64_t channels = x.size(1);
  return x.is_contiguous(torch::MemoryFormat::ChannelsLast) && weight.defined() && bias.defined() &&
         is_plain(weight, channels) && is_plain(bias, channels) &&
         is_plain(running_mean, channels) && is_plain(running_var, channels) &&
         has_batch_norm_kernels();
}

/// As torch::nn::BatchNorm2d does.
void BatchNormImpl::update_running(const torch::Tensor& statistics) {
  double share = options.momentum().value_or(0);
  if (is_training() && options.track_running_stats() && num_batches_tracked.defined()) {
    num_batches_tracked += 1;
    if (!options.momentum()) share = 1 / num_batches_tracked.item<double>();
  }
  if (share == 0) return;
  const int64_t channels = statistics.size(1);
  const float* const of_batch = statistics.data_ptr<float>();
  const auto update = [&](const torch::Tensor& running, const float* now) {
    if (!running.defined()) return;
    float* const values = running.data_ptr<float>();
    for (int64_t c = 0; c < channels; ++c)
      values[c] = float(share * now[c] + (1 - share) * values[c]);
  };
  update(running_mean, of_batch);
  update(running_var, of_batch + 2 * channels);
}

torch::Tensor BatchNormImpl::own(const torch::Tensor& x, const torch::Tensor& shortcut, bool relu) {
  const auto statistics = batch_norm_statistics(x, options.eps());
  update_running(statistics);
  if (!torch::GradMode::is_enabled())
    return batch_norm_forward({x, weight, statistics, {}}, bias, shortcut, relu);
  return BatchNormFunction::apply(x, weight, bias, statistics, if_defined(shortcut), relu);
}

torch::Tensor BatchNormImpl::forward(const torch::Tensor& x) {
  return uses_own(x) ? own(x, {}, false) : torch::nn::BatchNorm2dImpl::forward(x);
}

torch::Tensor BatchNormImpl::with_relu(const torch::Tensor& x) {
  return uses_own(x) ? own(x, {}, true) : torch::nn::BatchNorm2dImpl::forward(x).relu_();
}

torch::Tensor BatchNormImpl::with_relu(const torch::Tensor& x, const torch::Tensor& shortcut) {
  if (!uses_own(x) || !can_be_added(shortcut, x))
    return torch::nn::BatchNorm2dImpl::forward(x).add_(shortcut).relu_();
  return own(x, shortcut.contiguous(torch::MemoryFormat::ChannelsLast), true);
}

}  // namespace mra
