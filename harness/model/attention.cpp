#include "harness/model/attention.h"

#include <ATen/Parallel.h>

#include "harness/model/attention_head.h"
#include "harness/model/own_kernels.h"

namespace mra {
namespace {

using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

const AttentionKernels* attention_kernels() {
  return of_this_processor(kAttentionAvx2, kAttentionAvx512);
}

/// The rows of one head of one picture in [N,T,…], where the head's channels begin at `channel`.
template <typename Float>
HeadRows<Float> rows(const torch::Tensor& tensor, int64_t picture, int64_t channel) {
  return {tensor.data_ptr<float>() + picture * tensor.stride(0) + channel, tensor.stride(1)};
}

torch::Tensor with_channels_side_by_side(const torch::Tensor& tensor) {
  return tensor.stride(2) == 1 ? tensor : tensor.contiguous();
}

/// What attention reads: [N,Tq,D] and [N,Tk,2·D].
struct Operands {
  Operands(const torch::Tensor& query_, const torch::Tensor& key_value_, int64_t heads_)
      : query(with_channels_side_by_side(query_)),
        key_value(with_channels_side_by_side(key_value_)),
        heads(heads_),
        width(query_.size(2)) {}

  int64_t channel(int64_t head) const { return head * width / heads; }

  AttentionHead head(int64_t picture, int64_t number) const {
    return {query.size(1),
            key_value.size(1),
            width / heads,
            rows<const float>(query, picture, channel(number)),
            rows<const float>(key_value, picture, channel(number)),
            rows<const float>(key_value, picture, width + channel(number))};
  }

  /// Calls act(picture, head, scratch) for every head of every picture, on all threads.
  template <typename Act>
  void for_each_head(Act act) const {
    const int64_t floats =
        attention_kernels()->scratch_floats(query.size(1), key_value.size(1), width / heads);
    at::parallel_for(0, query.size(0) * heads, 1, [&](int64_t begin, int64_t end) {
      float* const scratch = scratch_of_thread(Scratch::kPiece, floats);
      for (int64_t i = begin; i < end; ++i) act(i / heads, i % heads, scratch);
    });
  }

  torch::Tensor query, key_value;
  int64_t heads, width;
};

torch::Tensor own_attention(const Operands& operands) {
  auto out = torch::empty(operands.query.sizes(), operands.query.options());
  operands.for_each_head([&](int64_t picture, int64_t head, float* scratch) {
    attention_kernels()->forward(operands.head(picture, head),
                                 rows<float>(out, picture, operands.channel(head)), scratch);
  });
  return out;
}

struct AttentionFunction : torch::autograd::Function<AttentionFunction> {
  static torch::Tensor forward(AutogradContext* context, const torch::Tensor& query,
                               const torch::Tensor& key_value, int64_t heads) {
    context->save_for_backward({query, key_value});
    context->saved_data["heads"] = heads;
    return own_attention({query, key_value, heads});
  }

  static variable_list backward(AutogradContext* context, const variable_list& upstream) {
    TORCH_CHECK_NOT_IMPLEMENTED(!torch::GradMode::is_enabled(),
                                "attention has no gradients of its gradients");
    const auto saved = context->get_saved_variables();
    const Operands operands(saved[0], saved[1], context->saved_data["heads"].toInt());
    const auto d_out = with_channels_side_by_side(upstream[0]);
    auto d_query = torch::empty(operands.query.sizes(), d_out.options());
    auto d_key_value = torch::empty(operands.key_value.sizes(), d_out.options());
    operands.for_each_head([&](int64_t picture, int64_t head, float* scratch) {
      const int64_t channel = operands.channel(head);
      attention_kernels()->backward(
          operands.head(picture, head), rows<const float>(d_out, picture, channel),
          rows<float>(d_query, picture, channel), rows<float>(d_key_value, picture, channel),
          rows<float>(d_key_value, picture, operands.width + channel), scratch);
    });
    return {d_query, d_key_value, {}};
  }
};

torch::Tensor libtorch_attention(const torch::Tensor& query, const torch::Tensor& key_value,
                                 int64_t heads) {
  const int64_t width = query.size(2);
  const auto by_head = [&](const torch::Tensor& part) {  // [N,T,D] -> [N,H,T,d]
    return part.unflatten(2, {heads, width / heads}).transpose(1, 2);
  };
  const auto parts = key_value.split(width, 2);
  return at::scaled_dot_product_attention(by_head(query), by_head(parts[0]), by_head(parts[1]))
      .transpose(1, 2)
      .reshape(query.sizes());
}

}  // namespace

torch::Tensor attention(const torch::Tensor& query, const torch::Tensor& key_value, int64_t heads) {
  if (!suits_own_kernels(query) || !attention_kernels())
    return libtorch_attention(query, key_value, heads);
  if (torch::GradMode::is_enabled()) return AttentionFunction::apply(query, key_value, heads);
  return own_attention({query, key_value, heads});
}

}  // namespace mra
